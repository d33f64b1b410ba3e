//! The Lighthouse row.

pub(super) const LIGHTHOUSE: &[(&str, &str)] = &[
    ("Tencent Cloud Lighthouse", "腾讯云轻量应用服务器"),
    (
        "nothing: disk, address and traffic are part of the bundle, and it is prepaid by the month",
        "无（磁盘、公网地址和流量都包含在套餐里，套餐按月预付）",
    ),
    (
        "a firewall template without rules, so that the machine starts behind a closed firewall",
        "一个没有规则的防火墙模板，使服务器从一开始就在关闭的防火墙之后",
    ),
    (
        "a Lighthouse machine with Ubuntu 24.04, prepaid",
        "一台轻量应用服务器，Ubuntu 24.04，预付费",
    ),
    (
        "a firewall rule that lets your networks open SSH; none without them",
        "一条防火墙规则，允许你的网络连接 SSH；没有给出网络时则没有这条规则",
    ),
    (
        "a key pair of your public key, attached to the machine",
        "一个由你的公钥生成的密钥对，绑定到这台服务器",
    ),
    (
        "with `bootstrap: tat`, a TAT command that brings the host files to the machine, and its run",
        "使用 `bootstrap: tat` 时，一条自动化助手（TAT）命令，把所需文件送到服务器，以及它的一次执行",
    ),
    (
        "A Tencent Cloud account with enough balance: the machine is prepaid, and paid for when it is made.",
        "一个余额充足的腾讯云账号：服务器是预付费的，创建时即扣款。",
    ),
    (
        "An API key of a CAM user who may use Lighthouse and TAT (`QcloudLighthouseFullAccess`, `QcloudTATFullAccess`) \
         and pay: `export TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=…`. With an account of tencentcloud.com also \
         `export TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`.",
        "一个访问管理（CAM）子用户的 API 密钥，该用户可以使用轻量应用服务器和自动化助手（`QcloudLighthouseFullAccess`、\
         `QcloudTATFullAccess`）并可以付款：`export TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=…`。国际站（tencentcloud.com）\
         账号还需要 `export TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`。",
    ),
    (
        "TCCLI, Tencent Cloud's command line: `pip install tccli`, then `tccli sts GetCallerIdentity` says which account \
         will be used.",
        "腾讯云命令行工具 TCCLI：先 `pip install tccli`，再用 `tccli sts GetCallerIdentity` 查看将使用哪个账号。",
    ),
    (
        "`AuthFailure` or `UnauthorizedOperation`",
        "`AuthFailure` 或 `UnauthorizedOperation`",
    ),
    (
        "The API key is wrong, of the other kind of account (tencentcloud.com needs \
         `TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`), or its user may not use Lighthouse, TAT or the balance.",
        "API 密钥有误；或者属于另一种账号（国际站 tencentcloud.com 需要 `TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`）；\
         或者该用户无权使用轻量应用服务器、自动化助手或账户余额。",
    ),
    (
        "`Lighthouse sells no Linux bundle`, or the bundle is sold out",
        "`Lighthouse sells no Linux bundle`，或者套餐已售罄",
    ),
    (
        "`tccli lighthouse DescribeBundles --region REGION --Limit 100` shows what there is. Change `size` or `region` in \
         `deployment.yaml` and generate again.",
        "`tccli lighthouse DescribeBundles --region REGION --Limit 100` 会列出在售的套餐。请在 `deployment.yaml` 里修改 `size` 或 \
         `region`，再重新生成部署包。",
    ),
    (
        "The apply ends in an error while the machine is being made",
        "创建服务器的过程中执行出错",
    ),
    (
        "It may exist and be paid for, and Terraform does not know it. Look for it with \
         `tccli lighthouse DescribeInstances --region REGION`, and take it over: \
         `terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`. Then apply again.",
        "服务器可能已经存在并已付款，而 Terraform 并不知道。请用 `tccli lighthouse DescribeInstances --region REGION` 查找，再把它接管过来：\
         `terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`，然后重新执行。",
    ),
    (
        "`AgentStatusNotOnline`, or TAT says that the agent is offline",
        "`AgentStatusNotOnline`，或者自动化助手显示客户端离线",
    ),
    (
        "Tencent's agent starts after the machine does. Apply again in a minute; where it never comes, use \
         `bootstrap: ssh` in `deployment.yaml`.",
        "腾讯云的客户端比服务器启动得晚。请过一分钟重新执行；如果一直不上线，请在 `deployment.yaml` 里改用 `bootstrap: ssh`。",
    ),
    ("The TAT invocation takes ten minutes and fails", "自动化助手的执行持续十分钟后失败"),
    (
        "The script ended in an error. Its output is in the console under TAT; correct what it names and apply again. Where \
         it stops a destroy: `terraform state rm 'module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap[0]'`.",
        "脚本出错结束。它的输出在控制台的自动化助手里；请按它指出的原因修正，再重新执行。如果它妨碍了销毁：\
         `terraform state rm 'module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap[0]'`。",
    ),
    (
        "`resource \"lighthouse instance\" … does not exist`",
        "`resource \"lighthouse instance\" … does not exist`（实例不存在）",
    ),
    (
        "The machine is gone, and the provider does not plan without it: \
         `terraform state rm module.agent.tencentcloud_lighthouse_instance.this`, then plan again.",
        "服务器已经不在了，而插件因此无法生成计划：先 `terraform state rm module.agent.tencentcloud_lighthouse_instance.this`，再重新生成计划。",
    ),
    (
        "The machine is guarded, for what is on its disk exists nowhere else. `remote-setup destroy` lifts the guard for \
         that one run, after asking.",
        "服务器受到保护，因为磁盘上的内容别处没有。`remote-setup destroy` 询问之后，只在那一次运行中解除保护。",
    ),
    ("`RESOURCENOTRETURNABLE` while destroying", "销毁时出现 `RESOURCENOTRETURNABLE`"),
    (
        "Tencent does not take this machine back. It stays until its paid time ends; set `renew_flag` so that it is not \
         renewed, and `terraform state rm module.agent.tencentcloud_lighthouse_instance.this`.",
        "腾讯云不接受退还这台服务器，它会保留到预付的时间结束。请设置 `renew_flag` 使它不再续费，再运行 \
         `terraform state rm module.agent.tencentcloud_lighthouse_instance.this`。",
    ),
    (
        "Have Terraform know the machine again, then destroy it: \
         `terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`. The firewall template, the \
         key pair and the TAT command are named alike and cost nothing; delete them in the console.",
        "先让 Terraform 重新认识这台服务器，再销毁它：`terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`。\
         防火墙模板、密钥对和自动化助手的命令也用这个名称，不收费；在控制台里删除即可。",
    ),
    (
        "It cannot be paused: the machine is paid for by the month in advance, and costs the same while it is \
         stopped. Let it run until the month ends, or destroy it.",
        "无法暂停：服务器按月预付，关机期间费用不变。可以让它运行到当月结束，或者销毁它。",
    ),
    (
        "Tencent pays back what its refund rules allow, and keeps the record of what TAT ran: the text of the \
                    host files, no secret.",
        "腾讯云按退款规则退款，并保留自动化助手执行过的内容的记录：其中是送到服务器的文件，没有机密。",
    ),
];
