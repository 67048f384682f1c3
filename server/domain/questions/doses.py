"""Questions about how much of a medicine: more, less, none, another. They are never answered here (处方管理办法)."""

import re

_DRUG = ("药|胰岛素|双胍|格列|列奈|列净|列汀|鲁肽|肽|拜糖|波糖|达美康|格华止|诺和|来得时|来得乐|甘精|地特|德谷|门冬|赖脯|优泌|长效|短效|速效|预混|基础率|大剂量|泵"
         "|glp-?1|司美|针剂|激素|泼尼松|阿司匹林|他汀|降糖[药针片]|诺和锐|捷诺维|安达唐|欧唐静")
_AMOUNT = r"(几|多少|\d+(\.\d+)?)(个|来)?(单位|u\b|片|颗|粒|毫克|mg|支|针|个(?!月|小时|钟|星期|礼拜|人|点))"
_PATTERNS = tuple(re.compile(pattern) for pattern in (
    r"(打|注射|推|补|加|减|多|少)(几|多少|\d+(\.\d+)?)个?单位|(打|补)几个|(针|药|量|剂|泵)[^。,]{0,8}[加减调升]到(几|多少)(?!档)|(针|泵|量)[^。,]{0,6}(减|加)百分之|(打|吃|用)一?半(的)?(量|剂量|片)?(行|可以|成|能)",
    rf"(打|注射|吃|服|用|加|减|停|补|推|开)[^。,]{{0,8}}{_AMOUNT}[^。]{{0,24}}({_DRUG})",
    rf"({_DRUG})[^。]{{0,24}}(打|注射|吃|服|用|加|减|补|推|改|换)[^。,]{{0,8}}{_AMOUNT}",
    rf"({_DRUG})[^。]{{0,14}}(加量|减量|加点|减点|加大|加倍|减半|加到|减到|加多少|减多少|加\d|减\d|多打|少打|多吃|少吃|多加|调到|调多少|调一下|剂量|量够|够不够|够吗|怎么加|怎么减|怎么调|要不要加|能加|能减)",
    rf"(加量|减量|加大|加倍|减半|多打|少打|多吃|少吃|补打|补吃|补一针|加一针|加1针|停了?(?!电|车|经|水)|停掉|不吃|不打|断了?|戒掉|换成|换掉|改吃|改打|改成)[^。]{{0,10}}({_DRUG})",
    rf"({_DRUG})[^。]{{0,16}}(停了|停掉|停下|停用|停药|能停|可以停|想停|要停|该停|不吃了|不打了|不想吃了|不用吃|不用打|能断|断了行|停[几\d]天|停不停|停一停|停1停|换成|换药|换别的|换一种|换1种|换个牌|换那个|改成)",
    rf"({_DRUG})[^。]{{0,14}}(也想换|我也换|也换|也想吃|也想用|也想试|想换)|(把|将)[^。]{{0,4}}({_DRUG})[^。]{{0,4}}(断|停|戒|撤|减|加|换)",
    r"停药|停针|减药|加药|换药|开药|开个方|处方|药量|药减|药加|敏感系数|碳水系数|胰碳比|碳水比|基础率|大剂量|补餐前|追加",
    rf"(漏|忘)(了)?(打|吃|服|记吃|记打)[^。]{{0,20}}(补|怎么办|要不要|还)[^。]{{0,8}}|(漏|忘)[^。]{{0,6}}({_DRUG})[^。]{{0,14}}(补|加倍|双份)",
    rf"({_DRUG})[^。]{{0,16}}(怎么打|怎么吃|打多少|吃多少|打几|吃几|从多少开始|起始|用多少|开多少|怎么用)",
    rf"(怎么打|打多少|打几个|吃几片|吃几颗|吃多少|该打|要打几|加几)[^。]{{0,16}}({_DRUG})",
    r"(\d+|几|半)(片|颗|粒|单位|u)[^。]{0,10}(改|加|减|换|变|升|降)[^。]{0,8}(\d+|几|半|1)(片|颗|粒|单位|u)|(改|加|减|升|降)(到|成|为)?(\d+|半|1|几)(片|颗|粒|单位)",
    r"(血糖|空腹|餐后)[^。]{0,12}(打几|打多少|吃几(?=片|颗|粒|$)(?!片面包|片饼干|颗糖|粒糖|颗红枣)|吃多少药|加几|该打|要打|打\d+)(个|单位|针)?",
    rf"(我也|也想|也换|能不能|可不可以|可以|帮我|给我|要不要|该不该|自己)[^。]{{0,10}}(换|加|减|停|用|打|吃|买)[^。]{{0,6}}({_DRUG})[^。]{{0,10}}(吗|行|不|么|呢|好|$)",
))
# Keeping, carrying, needles, side effects, times of day: about medicines and no question of how much.
_NOT_DOSE = re.compile(
    "针头|放冰箱|保存|保管|存放|随身|托运|过期|开封|副作用|伤肝|伤肾|依赖|上瘾|硬结|疙瘩|硬块|轮换|注射部位|打(在)?哪|饭前(吃|服)?还是饭后|饭后还是饭前|什么时候(吃|服)|几点(吃|服)|随餐|一辈子|终身|离不了"
    "|换(个)?(部位|地方|位置)|地方怎么换|拉肚子|恶心|胃|便秘|血糖仪|试纸|偏方|保健品|降糖茶|秋葵|苦瓜|积分|奖品|提醒我|打卡|轻断食|断食|低碳|生酮|课程|记录")
# Words with a medicine's letters that are none; how many needles are used; whether the illness can be cured at all.
_NO_DRUG = re.compile("山药|药店|药房|药膳|药酒|农药|医药|芍药|火药|神药|不是(要|想)停")
_NEEDLE = re.compile("针头|采血针|针尖")
_UNITS = re.compile(r"\d+(个)?(单位|u\b)|几个?单位|多少单位|加量|减量|停药|停针|[加减]针")
_CURE = re.compile("根治|断根|除根|治愈|逆转|治好|缓解")
_MINE = re.compile("我|我?[爸妈爹娘]|老[伴公婆]|把药|帮|给")
_SURELY = re.compile(rf"先停|停[几\d]天|打一半|吃一半|半量|停药|减药|加药|换药|加量|减量|{_AMOUNT}[^。]{{0,12}}(单位|够|行|可以|吗)|打多少|打几|吃几片|加到|减到|敏感系数|能停|想停|停了吧|补打|补吃")


def is_beside(text: str) -> bool:
    """Whether a normalised text is about needles, about keeping medicines, or about a cure, and not about how much."""
    return bool((_NEEDLE.search(text) and not _UNITS.search(text)) or (_NOT_DOSE.search(text) and not _SURELY.search(text)))


def names_dose(text: str) -> bool:
    """Whether a normalised text speaks of how much of a medicine, or of more, less, none or another."""
    text = _NO_DRUG.sub("", text)
    if _NEEDLE.search(text) and not _UNITS.search(text) or _CURE.search(text) and not _MINE.search(text):
        return False
    if _NOT_DOSE.search(text) and not _SURELY.search(text):
        return False
    return any(pattern.search(text) for pattern in _PATTERNS)
