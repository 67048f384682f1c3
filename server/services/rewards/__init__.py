"""Rewards: the catalogue, redeeming, and public praise."""

from server.services.rewards.catalogue import change, create, page
from server.services.rewards.praising import approve_spotlight, post_spotlight, remove_spotlight, spotlights
from server.services.rewards.redeeming import redeem, redemptions, release, release_overdue, settle

__all__ = ["approve_spotlight", "change", "create", "page", "post_spotlight", "redeem", "redemptions", "release",
           "release_overdue", "remove_spotlight", "settle", "spotlights"]
