//! What the runbook and the summary say about Lighthouse.

use crate::clouds::ENGINE_INSTALLED;
use crate::tables::{Words, words};

pub(super) const OTHER_COST_NOTE: Words = words(
    "nothing: disk, address and traffic are part of the bundle, and it is prepaid by the month",
    "无（磁盘、公网地址和流量都包含在套餐里，套餐按月预付）",
);

pub(super) const PREREQUISITES: &[Words] = &[
    words(
        "A Tencent Cloud account with enough balance: the machine is prepaid, and paid for when it is made.",
        "一个余额充足的腾讯云账号：服务器是预付费的，创建时即扣款。",
    ),
    words(
        "An API key of a CAM user who may use Lighthouse and TAT (`QcloudLighthouseFullAccess`, `QcloudTATFullAccess`) \
         and pay: `export TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=…`. With an account of tencentcloud.com also \
         `export TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`.",
        "一个访问管理（CAM）子用户的 API 密钥，该用户可以使用轻量应用服务器和自动化助手（`QcloudLighthouseFullAccess`、\
         `QcloudTATFullAccess`）并可以付款：`export TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=…`。国际站（tencentcloud.com）\
         账号还需要 `export TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`。",
    ),
    words(
        "TCCLI, Tencent Cloud's command line: `pip install tccli`, then `tccli sts GetCallerIdentity` says which account \
         will be used.",
        "腾讯云命令行工具 TCCLI：先 `pip install tccli`，再用 `tccli sts GetCallerIdentity` 查看将使用哪个账号。",
    ),
    ENGINE_INSTALLED,
];

pub(super) const CREATES: &[Words] = &[
    words(
        "a firewall template without rules, so that the machine starts behind a closed firewall",
        "一个没有规则的防火墙模板，使服务器从一开始就在关闭的防火墙之后",
    ),
    words(
        "a Lighthouse machine with Ubuntu 24.04, prepaid",
        "一台轻量应用服务器，Ubuntu 24.04，预付费",
    ),
    words(
        "a firewall rule that lets your networks open SSH; none without them",
        "一条防火墙规则，允许你的网络连接 SSH；没有给出网络时则没有这条规则",
    ),
    words(
        "a key pair of your public key, attached to the machine",
        "一个由你的公钥生成的密钥对，绑定到这台服务器",
    ),
    words(
        "with `bootstrap: tat`, a TAT command that brings the host files to the machine, and its run",
        "使用 `bootstrap: tat` 时，一条自动化助手（TAT）命令，把所需文件送到服务器，以及它的一次执行",
    ),
];

pub(super) const PAUSE: Words = words(
    "It cannot be paused: the machine is paid for by the month in advance, and costs the same while it is \
            stopped. Let it run until the month ends, or destroy it.",
    "无法暂停：服务器按月预付，关机期间费用不变。可以让它运行到当月结束，或者销毁它。",
);

pub(super) const REMOVE_WITHOUT_STATE: Words = words(
    "Have Terraform know the machine again, then destroy it: `terraform init`, then \
                           `terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`. The firewall template, the \
                           key pair and the TAT command are named alike and cost nothing; delete them in the console.",
    "先让 Terraform 重新认识这台服务器，再销毁它：先 `terraform init`，再 `terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`。\
         防火墙模板、密钥对和自动化助手的命令也用这个名称，不收费；在控制台里删除即可。",
);

pub(super) const AFTER_DESTROY: Words = words(
    "Tencent pays back what its refund rules allow, and keeps the record of what TAT ran: the text of the \
                    host files, no secret.",
    "腾讯云按退款规则退款，并保留自动化助手执行过的内容的记录：其中是送到服务器的文件，没有机密。",
);
