"""What is plainly asked of something else than diabetes and the camp: a person sees such a question, no topic answers it."""

import re
from collections.abc import Sequence

# What is plainly spoken of elsewhere, in a question that names nothing of diabetes or of the camp.
_SUBJECTS = re.compile(
    "狗|小?猫(?!屎)|宠物|乌龟|养鱼|股(票|市)|大盘|基金|理财|彩票|炒股|黄金|房(价|租|贷)|公积金|社保|医保余额|物业|宽带|路由器|打印机|电脑|蓝屏|天气|下雨吗|落雨|下雪|台风|限号|航班|高铁|火车票?|机票|酒店"
    "|签证|护照|身份证丢|驾照|车险|二手车|导航|停车|淘宝|抖音怎么|微信(语音|密码|支付)|游戏|电影|电视(剧|机)|唱首?歌|足球|篮球赛|世界杯|总统|宇宙|地震|作文|作业|数学题|英语|高考|中考|考研|论文|翻译|辞职|工资|劳动仲裁|律师"
    "|离婚|出轨|失恋|相亲|算个?命|做梦|梦见|笑话|猜个?谜|对联|红烧肉|排骨|炒蛋|菜谱|颈椎|腰(椎|疼|痛)|肩周|痛风|甲状腺|甲亢|乙肝|结石|痔疮|鼻炎|咽炎|白内障|近视|脱发|植发|痘痘|灰指甲|前列腺|乳腺|胃溃疡"
    "|骨折|矫正|癌|幽门|专家号|挂个?号|哪家医院|哪个医院|医院最好|减税|关节炎|飞机几点|贷款|快递|网店|理发|洗发|外卖小哥|保险怎么买")
# Where to buy and what to buy is never answered, of our own things either.
_SHOPPING = re.compile("(哪里|哪儿|哪家|网上|什么地方)[^,。]{0,6}(买|便宜|划算)|(哪里|哪家)便宜|给个链接|帮我下单")
# How long somebody will live nobody here knows.
_HOW_LONG = re.compile("(剩|还有|能活|活到|撑)[^,。]{0,4}(几年|多久|多少年|几个月)|还能活")
_OF_OURS = re.compile("糖|血|胰|药|针|打卡|补卡|积分|兑|奖|礼|餐|主食|试纸|采血|证书|营|班|孕|测|酮|低了|碳水|控|脚|眼底|疫苗|运动|锻炼|练什么|能吃|甜|笔|任务|尿|遛")


def is_elsewhere(text: str, wordings: Sequence[str]) -> bool:
    """Whether a normalised text speaks of something else altogether than a topic that is asked for in these wordings. What
    the topic itself names is not elsewhere: an organisation may well say where to park, or where to buy strips."""
    if _HOW_LONG.search(text) and not any(_HOW_LONG.search(wording) for wording in wordings):
        return True
    shopping, subject = _SHOPPING.search(text), _SUBJECTS.search(text)
    if shopping and not any(_SHOPPING.search(wording) for wording in wordings):
        return True
    return bool(subject and not _OF_OURS.search(text) and not any(subject[0] in wording for wording in wordings))
