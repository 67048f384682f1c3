"""Exercise: which activity is meant, and the energy it takes.

Energy is MET × kg × hours: gross, what is used at rest (1 MET) included. METs and their codes are those of the 2011
Compendium of Physical Activities (Ainsworth et al., Med Sci Sports Exerc 2011;43:1575–81). 广场舞 goes by low-impact
aerobics (03020): the compendium's “general dancing” is meant for livelier dances.
"""

import re
from typing import NamedTuple

# Who gave no weight is counted with this one, and told so: about the mean of Chinese adults (国民体质监测 2020).
ASSUMED_KG = 65.0


class Activity(NamedTuple):
    """An activity: its MET, its code in the compendium, and what people call it."""

    name: str
    met: float
    code: str
    aliases: tuple[str, ...]


_TABLE = """
散步（慢）|2.8|17152|慢走,溜达,遛弯,遛弯儿,溜弯,逛,逛街,闲走,散步,饭后散步,逛公园,买菜,走走,行街
走路|3.0|17170|步行,走步,行走,徒步走,走,走圈,户外走,行路,走一走
快走|4.3|17200|健走,健步走,快步走,疾走,暴走,大步走,竞步,跑步机走
竞走|5.0|17220|很快的走,急行
上楼梯|4.0|17133|爬楼,爬楼梯,上楼,走楼梯,上下楼
遛狗|3.0|17165|带狗走
慢跑|7.0|12020|小跑,跑步,晨跑,夜跑,跑,跑步机,原地跑,超慢跑
快跑|8.3|12030|跑步8公里每小时,长跑
骑车|4.0|01010|骑自行车,骑行,单车,踩单车,共享单车,自行车
悠闲骑车|3.5|01018|慢骑,慢慢骑车
动感单车|3.5|02011|功率车,健身车,踩脚踏车,固定单车,脚踏机
太极拳|3.0|15670|太极,八段锦,五禽戏,气功,太极剑,六字诀,易筋经,打拳,练功
坐式太极|1.5|15672|坐着打太极,坐姿操,坐着做操,椅子操
瑜伽|2.5|02150|瑜珈,普拉提
广场舞|5.0|03020|跳广场舞,健身操,跳操,有氧操,健美操,低强度有氧,佳木斯操,坝坝舞,曳步舞,毽子操
交谊舞|3.0|03040|慢三,国标舞,华尔兹,跳舞,舞蹈
游泳|6.0|18310|游水,蛙泳,自由泳
水中健身操|5.5|18355|水中走,水操,水中操
乒乓球|4.0|15660|打乒乓球,打乒乓
羽毛球|5.5|15030|打羽毛球
网球|6.0|15680|打网球,网球双打
篮球|6.5|15055|打篮球,投篮
弹力带|3.5|02054|哑铃,力量训练,抗阻,抗阻训练,练力量,举重,器械,阻力带,练肌肉
徒手体操|3.8|02022|广播操,俯卧撑,深蹲,仰卧起坐,体操,平板支撑,靠墙静蹲,徒手操,开合跳,做操,高抬腿,原地踏步,踏步
拉伸|2.3|02101|伸展,拉筋,柔韧
椭圆机|5.0|02048|太空漫步机,椭圆仪
跳绳|11.8|15551|跳绳子
爬山|6.0|17080|登山,徒步,远足,爬坡
扫地|3.3|05010|打扫,家务,做家务,搞卫生,收拾屋子,打扫卫生
拖地|3.5|05021|擦地,擦窗,大扫除
做饭|3.5|05049|烧饭,炒菜,煮饭,洗碗
园艺|3.8|08245|种菜,种花,浇花,种地,干农活,农活,锄地,下地
带孩子|2.8|05171|看孩子,带孙子,陪孩子玩,带娃
打麻将|1.5|09000|下棋,打牌,麻将
静坐|1.3|07020|看电视,坐着,休息
"""


def _activity(line: str) -> Activity:
    name, met, code, aliases = line.split("|")
    return Activity(name, float(met), code, tuple(aliases.split(",")))


ACTIVITIES: tuple[Activity, ...] = tuple(map(_activity, _TABLE.strip().splitlines()))
_NAMES = {word: activity for activity in reversed(ACTIVITIES) for word in (activity.name, *activity.aliases)}
_LONGEST_FIRST = sorted(_NAMES, key=len, reverse=True)
# An activity nobody lists goes by how hard it was: the middle of each class of intensity (<3, 3–5.9, ≥6 MET).
BY_INTENSITY = {"low": 2.5, "medium": 4.0, "high": 7.0}


# What holds a name by chance (to visit relatives, to be absent-minded), and what is named because it was not done.
_NOT_DONE = re.compile("走(?:亲|访|神|读|廊|心)|跑题|(?:没有?|未|不)(?:去|再|能|想|怎么|出门|出去){0,2}"
                       f"(?:{'|'.join(_LONGEST_FIRST)})")


def activity_of(words: str) -> Activity | None:
    """The activity that somebody means, by the longest of its names that stands in the words; None for one that was not done."""
    said = words.strip().lower()
    if said in _NAMES:
        return _NAMES[said]
    done = _NOT_DONE.sub(" ", said)
    return next((_NAMES[name] for name in _LONGEST_FIRST if name in done), None)


def energy(words: str, minutes: int, intensity: str, weight_kg: float | None) -> dict[str, object]:
    """The gross energy in kcal (and net of rest), the MET and the weight it goes by, and which of them was assumed."""
    activity = activity_of(words)
    met = activity.met if activity else BY_INTENSITY[intensity]
    weight = weight_kg or ASSUMED_KG
    hours = minutes / 60
    return {"met": met, "met_of": activity.name if activity else None, "energy_kcal": round(met * weight * hours),
            "energy_net_kcal": round(max(met - 1, 0) * weight * hours), "weight_kg": round(weight, 1),
            "weight_assumed": not weight_kg}
