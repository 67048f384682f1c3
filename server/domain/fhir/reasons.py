"""Why an Observation is neither a reading nor a measurement: a stable code, and the sentence shown beside it."""

REASONS = {
    "not_an_observation": "这一项不是检验或测量的结果（Observation），不用导入。",
    "withdrawn": "发来的一方已经撤回或作废了这个结果，没有导入。",
    "code_unknown": "这个项目的编码这里不认识，没有导入；要记的话请手动填。",
    "time_unreadable": "时间读不懂：血糖要有带时区的日期和时间，化验要有日期。",
    "value_unreadable": "数值读不懂。",
    "value_inexact": "只知道比这个数高或低，不知道是多少。",
    "unit_unknown": "没有写单位，或者这个单位这里不认识，没有导入。",
    "unit_contradicted": "同一个结果写了两种单位，请看一眼原来的单子，手动记这一条。",
    "other_subject": "这个结果写明是别人的，没有记进这份记录。"}
