"""Words that put what is said under a frame: supposed, heard of others, past, asked in general; and words of now."""

# What follows is supposed or somebody else's story, in the clauses behind it too, until a word of now.
SUPPOSED: tuple[str, ...] = (
    "如果", "假如", "假设", "要是", "万一", "听说", "听人说", "人家说", "别人(发|说|的)", "邻居说", "网上(说|看|讲)", "群里", "新闻", "电视(里|上)", "视频(里|上)?(说|讲|教|看到)", "书上",
    "课上", "课程", "讲座", "提前(学|问|准备)", "想学", "想了解", "了解一下", "科普", "下次再", "怕得", "怕以后", "以后会", "将来",
    "有人[^。]{0,8}(晕|昏|低血糖|中风|截肢|酮症|说|讲|问)", "说明书(讲|说|写|上)", "学着认",
)

# Past, in its own clause.
PAST: tuple[str, ...] = (
    "以前", "从前", "平时", "去年", "前年", "(?<!几)年前", "上次", "上回", "上个?月", "上个?礼拜", "上个?星期", "上周", "前阵子", "年轻时", "早年", "得过", "那次", "当年",
    "一度到", "曾经", "出院(就|以后|后)", "(昨天|前天)[^。]{0,14}(今天|现在|今早)[^,。]{0,3}(好|正常|降|7|8|6)", "中风后", "脑梗后",
)

# What follows in the clause could be; what stands before it is.
COULD_BE: tuple[str, ...] = (
    "会不会", "是不是会", "能不能引起", "会引起", "会导致", "为什么会", "怎么会得", "会[^,。]{0,4}(吗|么|不)$",
)

# A clause about the thing in general, or about how a number was written: nothing in it happens.
ABOUT: tuple[str, ...] = (
    "预防", "防止", "避免", "为什么说", "是啥味", "是什么味", "要当心", "后遗症", "康复", "偏瘫怎么",
    "平时(怎么|要|该|应|注意|如何|做|吃|靠)", "什么是", "什么意思", "代表什么", "哪种病", "是说哪", "才有感觉", "什么叫", "有哪些", "有什么(表现|症状|感觉|征兆|危害|影响)", "多久查", "要查哪些", "查什么",
    "每年",
    r"再(测|扎)(是|又|就|才|\d)", "重测(是|又)?", "复测(正常|是)", "疫苗", "症状是", "原理", "区别", "(怎么|如何|咋)(辨认|判断|识别|区分|分辨)", "标准", "正常值",
    "范围", "多少算", r"低于3\.9(怎么|要|应)", "能活", "能治",
)

# A text about how something was written down: no number in it is one that was measured now.
WRITTEN: tuple[str, ...] = (
    "发错了", "写成", "录成", "输成", r"(血糖|记录|数字?|数值)[^。]{0,6}打成\d", "记成", "点成", "填错", "输错", "录错", "写错", "写反", "怎么删", "删掉", "能修改",
    "怎么改(?!善|变)", "改过来", "存了", "搞混",
)
# It is about more than writing all the same.
TAKEN: tuple[str, ...] = ("药", "针", "胰岛素", "单位", "片", "胶囊", "双胍", "格列")

# Words that tell that it is now, whatever else is said.
NOW: tuple[str, ...] = (
    "现在", "正在", "突然", "忽然", "刚刚", "刚才", "刚测", "这会", "马上", "救命", "急", "快来", "快点", "不行了", "怎么办啊?$", "了怎么办", "今天", "今早",
    "今晚", "昨晚一直", "已经", "还在", "一直在", "喊不", "叫不醒", "不省人事", "牙关",
)

# Words of now that tell that it is over.
OVER: tuple[str, ...] = (
    "现在(一直|都|已经|已)?(好|没事|正常|稳定|出院)", "现在(降到|降|是|才|回到)了?(?=[4-9]|1[0-5])", "(已经)?吃糖好", "已经(存|记|好|正常|出院|没事|改|稳定)",
    "一直好好的", "全好了", "早就好了",
)

# Words with which a clause tells of something that happens, and does not only name it.
HAPPENS: tuple[str, ...] = (
    "了", "着", "得(厉害|很|慌|要命|不行|受不了|难受)", "我", "妈", "爸", "爹", "娘", "老伴", "老公", "老婆", "爱人", "爷", "奶", "孩子", "儿子", "女儿", "他", "她",
    r"\d", "(?<![a-z])(hi|lo)(?![a-z])", "一直", "不(醒|动|清|应|上)", "起来", "冒", "直",
)
