"""Why a line of a file is no reading: a stable code, and the sentence shown beside it."""

REASONS = {
    "control_solution": "这一条是质控液，不是您的血糖。", "no_value": "这一行没有血糖值。", "value_unreadable": "血糖值读不懂。",
    "value_inexact": "只知道比这个数高或低，不知道是多少。", "unit_unknown": "不知道单位：请说明是 mmol/L 还是 mg/dL。",
    "unit_contradicted": "同一条写了两种单位，请看一眼血糖仪，手动记这一条。", "time_unreadable": "时间读不懂。",
    "date_ambiguous": "分不清哪个是月、哪个是日：请说明日在前还是月在前。"}
