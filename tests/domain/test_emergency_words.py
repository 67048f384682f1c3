"""Thousands of ways to say what cannot wait: every dangerous value in every spelling and wording, every sign of danger of
everybody; and values that are no danger in the same words."""

import itertools

from server.domain.questions import HOUSE, respond

INDEX = HOUSE
DIGITS = "零一二三四五六七八九"
LOWS = [f"{tenths / 10:.1f}" for tenths in range(11, 39)]
HIGHS = [f"{tenths / 10:.1f}" for tenths in (167, 168, 175, 180, 192, 205, 216, 233, 250, 278, 299, 333)]
BETWEEN = [f"{tenths / 10:.1f}" for tenths in range(39, 167, 3)]
SAID_LOW = (
    "血糖{}", "我血糖只有{}了", "刚测了{}怎么办", "测出来{}正常不", "空腹{}", "睡前血糖{}", "现在血糖{}", "血糖掉到{}了", "雪糖{}", "血糖仪显示{}", "而家血糖{}点算",
    "今朝测血糖{}", "我妈血糖{}", "老伴测了下{}要紧吗", "医生我{}怎么搞", "早上起来测{}心里有点怕", "血糖 {} mmol/L", "测糖{}咋整啊", "餐前{}还吃药吗", "刚刚扎手指{}", "血糖值是{}",
    "{}的血糖能开车吗", "餐后两小时{}", "孩子血糖{}，要去上学吗", "血糖都{}了", "一测{}", "饭前测的{}", "夜里三点测{}")
SAID_HIGH = (
    "血糖{}", "我血糖有{}", "刚测了{}怎么办", "测出来{}正常不", "空腹{}", "睡前血糖{}", "现在血糖{}", "血糖飙到{}了", "雪糖{}", "血糖仪显示{}", "而家血糖{}点算", "我妈血糖{}",
    "老伴测了下{}要紧吗", "血糖 {} mmol/L", "餐后{}还吃药吗", "血糖值是{}", "血糖都{}了", "一测{}", "饭后测的{}", "吃了一碗面血糖{}")
SAID_CALMLY = ("空腹{}正常吗", "餐后{}高不高", "我血糖{}可以吃水果吗", "睡前{}要加餐吗", "今天测了{}", "血糖{}算达标吗", "早上{}晚上就好了", "刚测{}能运动吗",
               "血糖从{}降下来了", "老人{}行吗", "血糖{}是不是糖尿病")
IN_MG = ("血糖{}mg/dL", "血糖{}mg", "测了{}毫克", "美国的血糖仪显示{}", "我血糖{}毫克每分升怎么办")
NO_NUMBER = ("血糖仪显示HI", "机器出来个LO", "测出来hi了", "显示Lo怎么办", "血糖仪上写着HI 是什么", "ＬＯ了", "测糖仪跳出来个hi咋整", "血糖高得显示HI", "仪器屏幕LO手抖")
WHO = ("我爸", "我妈", "老伴", "邻居大爷", "孩子", "他", "我老公", "俺娘", "同事", "奶奶")
SIGNS = (
    "叫不醒了", "昏迷了", "突然晕倒了", "胸口疼得厉害", "胸闷喘不上气", "说话不清楚嘴歪了", "半边身子动不了", "抽搐翻白眼", "胰岛素打多了一倍", "误吃了一瓶降糖药", "怎么喊都没反应", "没意识了",
    "口吐白沫", "心口绞痛", "左胳膊麻胸口压得慌", "喘得厉害呼吸困难", "突然看不见了", "吃完药全身起疹子喘不过气", "一直呕吐酮体三个加号", "满嘴烂苹果味喘得很深", "不省人事", "右边手脚没力气",
    "血糖低昏过去了", "脚趾发黑了")
AROUND = ("{}", "{}怎么办", "快点救命{}", "{} 怎么办啊", "刚才{}", "老师{}", "{}要不要去医院", "医生在吗 {}")


def spellings(value: str) -> list[str]:
    """2.6 in digits, spoken, full width and in Chinese numerals: 2.6, 2点6, 2。6, ２．６, 二点六, 两点六."""
    whole, tenth = value.split(".")
    tens, ones = divmod(int(whole), 10)
    chinese = ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (DIGITS[ones] if ones or not tens else "")
    spoken = [f"{chinese}点{DIGITS[int(tenth)]}", *([f"两点{DIGITS[int(tenth)]}"] if whole == "2" else [])]
    return [value, f"{whole}点{tenth}", f"{whole}。{tenth}", value.translate(str.maketrans("0123456789.", "０１２３４５６７８９．")), *spoken]


def said(values, wordings) -> list[str]:
    """Every value in every spelling in every wording."""
    return [wording.format(spelling) for value in values for spelling in spellings(value) for wording in wordings]


def missed(texts) -> list[str]:
    """Those that bring no card of what to do now."""
    return [text for text in texts if respond(text, INDEX).advice is None]


def test_every_low_in_every_spelling_and_wording_brings_its_card():
    texts = said(LOWS, SAID_LOW)
    assert len(texts) > 4000
    assert missed(texts) == []


def test_every_very_high_value_in_every_spelling_and_wording_brings_its_card():
    texts = said(HIGHS, SAID_HIGH)
    assert len(texts) >= 1200
    assert missed(texts) == []


def test_a_danger_in_the_other_unit_or_beyond_what_the_meter_shows_brings_its_card():
    values = (20, 36, 45, 54, 60, 69, 301, 320, 400, 560)
    assert missed([*(wording.format(value) for wording in IN_MG for value in values), *NO_NUMBER]) == []


def test_every_sign_of_danger_of_everybody_brings_its_card():
    texts = [around.format(who + sign) for who, sign, around in itertools.product(WHO, SIGNS, AROUND)]
    assert len(texts) == 1920
    assert missed(texts) == []


def test_no_value_between_is_an_emergency_in_calm_words():
    texts = said(BETWEEN, SAID_CALMLY)
    assert len(texts) > 2000
    assert [text for text in texts if respond(text, INDEX).advice is not None] == []
