//! What the runbook and the summary say about Lighthouse.

use crate::clouds::ENGINE_INSTALLED;
use crate::tables::{Words, words};

pub(super) const OTHER_COST_NOTE: Words = words(
    "nothing: disk, IP address and traffic are included in the Lighthouse bundle, which is prepaid monthly",
    "无（磁盘、公网 IP 和流量都包含在套餐内，套餐按月预付）",
);

pub(super) const PREREQUISITES: &[Words] = &[
    words(
        "A Tencent Cloud account with enough balance: the machine is prepaid and charged when it is created.",
        "一个余额充足的腾讯云账号：服务器为预付费，创建时即扣款。",
    ),
    words(
        "An API key of a CAM user who may use Lighthouse and TAT (`QcloudLighthouseFullAccess`, `QcloudTATFullAccess`) \
         and make payments: `export TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=…`. For an account of \
         tencentcloud.com, also `export TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`.",
        "一个访问管理（CAM）子用户的 API 密钥，有权使用轻量应用服务器和自动化助手（`QcloudLighthouseFullAccess`、\
         `QcloudTATFullAccess`），并有付款权限：\
         `export TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=…`。\
         国际站（tencentcloud.com）账号还需要 `export TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`。",
    ),
    words(
        "TCCLI, Tencent Cloud's command line: `pip install tccli`; then `tccli sts GetCallerIdentity` prints the account \
         that will be used.",
        "腾讯云命令行工具 TCCLI：用 `pip install tccli` 安装，再用 `tccli sts GetCallerIdentity` 查看将使用的账号。",
    ),
    ENGINE_INSTALLED,
];

pub(super) const CREATES: &[Words] = &[
    words(
        "a firewall template with no rules, so that the machine starts with its firewall closed",
        "一个没有规则的防火墙模板，服务器从启动起防火墙就是关闭的",
    ),
    words(
        "a prepaid Lighthouse machine with Ubuntu 24.04",
        "一台预付费的轻量应用服务器，系统为 Ubuntu 24.04",
    ),
    words(
        "a firewall rule that opens SSH to your networks, if you name any",
        "一条防火墙规则，对你指定的网段开放 SSH；未指定网段时没有这条规则",
    ),
    words(
        "a key pair with your public key, bound to the machine",
        "一个使用你的公钥的密钥对，绑定到这台服务器",
    ),
    words(
        "with `bootstrap: tat`, a TAT command that brings the host files to the machine, and one run of it",
        "使用 `bootstrap: tat` 时，一条把文件送到服务器的自动化助手（TAT）命令，以及它的一次执行",
    ),
];

pub(super) const PAUSE: Words = words(
    "The machine cannot be paused: it is prepaid by the month and costs the same while stopped. Let it run until the \
     month ends, or destroy it.",
    "无法暂停：服务器按月预付，关机期间费用不变。可以让它运行到当月结束，或者销毁它。",
);

pub(super) const REMOVE_WITHOUT_STATE: Words = words(
    "Import the machine into the state, then destroy it: `terraform init`, then `terraform import \
     module.agent.tencentcloud_lighthouse_instance.this lhins-…`. The firewall template, the key pair and the TAT \
     command have the same name and cost nothing; delete them in the console.",
    "先把服务器重新导入状态，再销毁：先运行 `terraform init`，\
     再运行 `terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`。\
     防火墙模板、密钥对和自动化助手命令名称相同，不收费，在控制台中删除即可。",
);

pub(super) const AFTER_DESTROY: Words = words(
    "Tencent refunds what its rules allow. It keeps a record of what TAT ran: the text of the host files, no secrets.",
    "腾讯云按退款规则退款。自动化助手的执行记录会保留：其中有送到服务器的文件内容，不含机密。",
);
