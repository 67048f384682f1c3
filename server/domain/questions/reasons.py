"""Why an answer came, in words for who asked: by the rule that gave it, or else by its kind."""

BY_RULE = {
    "low_value": "您说的血糖低于 3.9 mmol/L（70 mg/dL），所以先说怎么处理。",
    "high_value": "您说的血糖到了 16.7 mmol/L（300 mg/dL）或更高，所以先说怎么处理。",
    "dose_high": "您问的是药或胰岛素用多少，这只能由医生定；您说的血糖又高，所以先说怎么处理。",
}
BY_KIND = {
    "answered": "您问的和知识库里的这一条最像。",
    "emergency": "您的话里有要马上处理的情况，所以先说怎么做。",
    "crisis": "您的话让人担心，所以先请人来陪您。",
    "dose_refusal": "您问的是药或胰岛素用多少、怎么改，这只能由医生定。",
    "refused": "您问的是别人的信息或系统的设置，这些不能给。",
    "small_talk": "这是寒暄，没有查知识库。",
    "unsure": "知识库里没有足够像的一条，怕答错，所以没有回答。",
}


def why(kind: str, rule_id: str) -> str:
    """Why an answer of that kind came by that rule."""
    return BY_RULE.get(rule_id) or BY_KIND[kind]
