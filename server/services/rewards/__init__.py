"""Rewards: the catalogue, redeeming, and public praise."""

from server.services.rewards.catalogue import change, create, page
from server.services.rewards.praising import post_spotlight, remove_spotlight, spotlights
from server.services.rewards.redeeming import redeem, redemptions, release, release_overdue, settle

__all__ = ["change", "create", "page", "post_spotlight", "redeem", "redemptions", "release", "release_overdue",
           "remove_spotlight", "settle", "spotlights"]
