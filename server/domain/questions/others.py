"""Words that are no question for the knowledge base: a wish to die, other people's data, tricks, small talk."""

import re

_CRISIS = re.compile("|".join((
    "想死(?!你)", "怎么死", "一死了之", "活(够|腻)了", "不想(醒|看到明天|再拖|坚持下去了)", "再也不(想)?醒", "(睡过去|睡着)[^。]{0,5}不(再)?醒", "不醒过来",
    "(没有|没了)我[^,。]{0,8}(更好|轻松|难过|解脱)", "我要是没了", "我死了", "死了(大家|你们|干净|算)", "等死", "想不开", "想走了", "不如(去了|走了)",
    "(一起|先)走了?[^,。]{0,3}(算了|各位|对不起)", "再见了", "对不起大家", "该消失", "解脱(了)?吧", "就能解脱", "(割|划)(了)?(一|1)?(刀|手腕|腕|口子)",
    "手上划", "没痛苦的(走|死)", "(给|写)[^,。]{0,6}(遗|孩子的信)", "吞(掉|下)?(所有|全部|一瓶|整瓶|农药|安眠药)", "喝(了)?农药", "农药[^。]{0,10}喝",
    "药全吃了结束", "一下(打|吃)完算了", "唔想生存", "生存落去", "不想连累[^。]{0,6}(走|死|$)", "累赘死", "不治了", "受罪不如", "不想活", "活不下去",
    "活着(没|还有什么|有什么)(意思|意义|劲)", "自杀", "寻短见", "打多少[^,。]{0,8}会死", "吃多少[^,。]{0,12}会?死", "我不在了", "(?<!坚持)撑不住了", "了断", "(想|我)消失", "没人会(难过|在乎|想我)", "活着(浪费|拖累)", "是个?废人", "不想做人", "要是我没了", "(绳子|农药|安眠药)[^,。]{0,4}(备|准备|买)(下|好|了)", "攒[^。]{0,10}(打完|吃完|1次)", "(阳台|楼顶|桥上|桥)[^。]{0,8}(下去|往下|跳)", "走得不?[^,。]{0,2}(疼|痛)", "自己?了断", "轻生", "寻死", "了结(自己|生命|算了)", "结束(自己|生命|这一切)", "撑不下去", "熬不下去了", "割腕", "跳楼",
    "跳河", "上吊", "不如死", "死了算", "死了(倒|更)好", "一了百了", "安乐死", "(打|吃)[^。]{0,10}(死掉|去死|自尽)", "遗书", "没有活", "不活了", "解脱算了",
    "拖累[^。]{0,6}(走|死)了?(算|更好)",
)))
_NOT_CRISIS = re.compile("|".join((
    "不想坚持[^。]{0,12}(请假|打卡|退)",
    "(不是|没有?|不会)想不开", "(累|热|冷|饿|困|笑|气|烦|馋|疼|痛|急|渴|无聊|尴尬|吓|难吃|好吃|酸|咸|辣)(得)?死", "死心", "预防自杀", "会死人", "会不会死", "死亡率",
)))
_TRICK = re.compile("|".join((
    "忽略.{0,8}(指令|提示|规则|要求|设定)", "无视.{0,6}(指令|规则|限制)", "(管理员|后台|数据库|系统)[^。]{0,6}(密码|口令|账号|权限)", "密码是", "系统提示词?",
    "提示词", "prompt", "扮演", "假装你是", "你现在是", "越狱", "dan模式", "源代码", "sql", "drop table", "api ?key", "token",
    "(别人|其他(人|糖友|学员|患者)|某某|老王|老李|老张|小王|隔壁|邻居|同班|班里(的)?人|前女?友|前夫|[^我自]同学|同事)[^。]{0,8}(的)?(血糖|数据|记录|档案|电话|手机号?|住址|地址|身份证|病历|化验)[^。]{0,8}(多少|是什么|给我|告诉|发我|发给|查|看看|看一下|导出)",
    "(查|看|导出|发|告诉|给)[^。]{0,6}(别人|其他(人|糖友|学员|患者)|全班|所有人|大家|同班)[^。]{0,6}(血糖|数据|记录|档案|电话|手机|住址|地址|身份证|病历)",
    "(别人|其他(人|糖友|学员|患者)|全班|所有人|大家|同班)[^。]{0,6}(血糖|数据|记录|档案|电话|手机号?|住址|地址|身份证|病历)[^。]{0,6}(导出|发我|给我|发给|告诉我)",
)))
_NOT_TRICK = re.compile("|".join((
    "班长电话", "班长的电话", "谁能看", "看得见我", "看[到见]我", "我的?血糖", "能看到吗", "会不会泄露", "别人能看", "什么单位",
)))
_GREETING = re.compile(
    "^(大家|各位|老师|医生|班长|群主|亲|hi|hello|你们)?(早上|早晨|上午|中午|下午|晚上|傍晚)?(好|您好|你好|早|早安|晚安|午安|嗨|哈喽|hello|hi|在吗|在不在|有人吗|有人在[不吗]?|新年快乐|节日快乐|中秋快乐|端午安康|恭喜发财|周末愉快|辛苦)"
    "(啊|呀|哦|呢|了|老师|大家|各位|医生|班长|鸭|哟|啦)*")
_CHAT = re.compile(
    "^(谢谢|多谢|感谢|谢啦|3q|thank|辛苦了|好的|好|嗯+|哦+|噢+|行|可以|收到|知道了|明白了?|懂了|ok|okay|没问题|是的|对|对的|哈+|嘿+|呵+|嘻+|加油|这样啊?|原来如此|是吗|真的吗|哇塞?|哎呀?|唉+|天哪|真棒|点赞|赞|牛|厉害|不错|拜拜|再见|晚安|没事了?|不客气|打扰了)"
    "(了|啦|的|吧|呀|啊|哦|呢|这样|是这样|您|你|老师|医生|大家|知道了|明白了|收到|嗯|好|谢谢|多谢|辛苦|再见|ok)*$")
_PRAISE = re.compile("(小程序|软件|你们|这个|客服|老师|班长|平台|你)[^?？]{0,12}(真好|不错|不赖|很好|太好了|好用|贴心|棒|厉害|做得好|点赞|聪明|可爱)|谢谢(你|您|老师|大家|医生)|天气(真|不错|好)")

_THANKS = re.compile("谢|感激|感恩|3q|thank|多亏|辛苦|真好|真棒|厉害|点赞|贴心|👍|👏|🌹")
_GOODBYE = re.compile("再见|拜拜|晚安|回聊|先这样|先忙|下次聊|bye|88")


def is_crisis(text: str) -> bool:
    """Whether a normalised text speaks of wanting to die."""
    return bool(_CRISIS.search(text)) and not (_NOT_CRISIS.search(text) and not re.search("不想活|自杀|寻短见|想死(?!你)|多少[^,。]{0,12}会?死", text))


def is_trick(text: str) -> bool:
    """Whether it asks for other people's data, or tries to talk the responder out of its rules."""
    return bool(_TRICK.search(text)) and not _NOT_TRICK.search(text)


def says_nothing(bare: str) -> bool:
    """Whether the letters of a text are none, one, a number, one letter again and again, a greeting, a yes or thanks."""
    return len(bare) <= 1 or (bare.isdigit() and len(bare) > 3) or len(set(bare)) == 1 or bool(_CHAT.match(bare)) or len(_ungreeted(bare)) <= 1


def is_small_talk(text: str, bare: str) -> bool:
    """Whether it praises, or greets and praises."""
    rest = _ungreeted(bare)
    return bool(_PRAISE.search(text) and len(bare) <= 24) or (rest != bare and len(rest) <= 16 and bool(_PRAISE.search(rest)))


def _ungreeted(bare: str) -> str:
    greeting = _GREETING.match(bare)
    return bare[greeting.end():] if greeting else bare


def thanks(text: str) -> bool:
    """Whether a normalised text thanks or praises."""
    return bool(_THANKS.search(text))


def says_goodbye(text: str) -> bool:
    """Whether a normalised text takes leave."""
    return bool(_GOODBYE.search(text))
