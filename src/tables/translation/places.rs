//! Where regions are.

#[rustfmt::skip]
pub(super) const PLACES: &[(&str, &str)] = &[
    ("Canberra", "堪培拉"), ("Sydney", "悉尼"), ("Melbourne", "墨尔本"), ("Vienna", "维也纳"), ("Brussels", "布鲁塞尔"),
    ("São Paulo", "圣保罗"), ("Toronto", "多伦多"), ("Quebec", "魁北克"), ("Pune", "浦那"), ("Iowa", "美国爱荷华州"),
    ("Santiago", "圣地亚哥"), ("Hong Kong", "香港"), ("Virginia", "美国弗吉尼亚州"), ("Paris", "巴黎"),
    ("Frankfurt", "法兰克福"), ("Jakarta", "雅加达"), ("Israel", "以色列"), ("Milan", "米兰"), ("Tokyo", "东京"),
    ("Osaka", "大阪"), ("Jamnagar", "贾姆讷格尔"), ("Seoul", "首尔"), ("Busan", "釜山"), ("Kuala Lumpur", "吉隆坡"),
    ("Querétaro", "克雷塔罗"), ("Auckland", "奥克兰"), ("Illinois", "美国伊利诺伊州"), ("Ireland", "爱尔兰"),
    ("Oslo", "奥斯陆"), ("Warsaw", "华沙"), ("Doha", "多哈"), ("Johannesburg", "约翰内斯堡"), ("Texas", "美国得克萨斯州"),
    ("Singapore", "新加坡"), ("Chennai", "金奈"), ("Madrid", "马德里"), ("Gävle", "耶夫勒"), ("Zurich", "苏黎世"),
    ("Dubai", "迪拜"), ("London", "伦敦"), ("Cardiff", "加的夫"), ("Wyoming", "美国怀俄明州"), ("Netherlands", "荷兰"),
    ("Mumbai", "孟买"), ("California", "美国加利福尼亚州"), ("Washington State", "美国华盛顿州"), ("Arizona", "美国亚利桑那州"),
    ("Beijing", "北京"), ("Chengdu", "成都"), ("Guangzhou", "广州"), ("Nanjing", "南京"), ("Shanghai", "上海"),
    ("Silicon Valley", "美国硅谷"),
];
