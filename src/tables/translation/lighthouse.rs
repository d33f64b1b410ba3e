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
         `deployment.yaml` and generate again. What `auto` chose is kept, even where it sold out before the machine was bought; to \
         have it choose anew, `terraform init`, then `terraform state rm 'module.agent.terraform_data.bundle[0]'`, and apply again.",
        "`tccli lighthouse DescribeBundles --region REGION --Limit 100` 会列出在售的套餐。请在 `deployment.yaml` 里修改 `size` 或 \
         `region`，再重新生成部署包。`auto` 选中的套餐会一直保留，哪怕它在购买服务器之前就已售罄；要让它重新选择，请先 `terraform init`，再 \
         `terraform state rm 'module.agent.terraform_data.bundle[0]'`，然后重新执行。",
    ),
    (
        "Tencent sells this bundle on its own pages only, as in a promotion. Take one whose label is not `ACTIVITY`.",
        "腾讯云只在自己的页面上出售这个套餐，例如活动套餐。请换一个标签不是 `ACTIVITY` 的套餐。",
    ),
    (
        "`Lighthouse offers no image of Ubuntu 24.04`, or `BlueprintIdNotFound`",
        "`Lighthouse offers no image of Ubuntu 24.04`，或者 `BlueprintIdNotFound`",
    ),
    (
        "Tencent withdrew the image; a machine that exists is not touched by that. For a new one, find another with \
         `tccli lighthouse DescribeBlueprints --region REGION --Limit 100`, put its id as `blueprint_id` into `terraform.tfvars`, name \
         that file under `extra_files` in `deployment.yaml`, and generate again.",
        "腾讯云下架了这个镜像；已有的服务器不受影响。要新建服务器，请用 `tccli lighthouse DescribeBlueprints --region REGION --Limit 100` \
         另找一个，把它的 ID 作为 `blueprint_id` 写进 `terraform.tfvars`，在 `deployment.yaml` 的 `extra_files` 里列出这个文件，再重新生成部署包。",
    ),
    (
        "Your account has this public key already, and Tencent takes it once. `tccli lighthouse DescribeKeyPairs --region REGION \
         --Limit 100` tells the id of that key pair. Put it as `ssh_key_id` into `terraform.tfvars`, name that file under `extra_files` \
         in `deployment.yaml`, and generate again: the pair is used, and never deleted from here.",
        "你的账号里已经有这把公钥，而腾讯云只接受一次。`tccli lighthouse DescribeKeyPairs --region REGION --Limit 100` 会给出那个密钥对的 ID。\
         请把它作为 `ssh_key_id` 写进 `terraform.tfvars`，在 `deployment.yaml` 的 `extra_files` 里列出这个文件，再重新生成部署包：之后会使用那个密钥对，\
         并且绝不会从这里删除它。",
    ),
    (
        "The apply ends in an error while the machine is being made",
        "创建服务器的过程中执行出错",
    ),
    (
        "It may exist and be paid for, and Terraform does not know it. Look for it with \
         `tccli lighthouse DescribeInstances --region REGION`, and take it over: `terraform init`, then \
         `terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`. Then apply again.",
        "服务器可能已经存在并已付款，而 Terraform 并不知道。请用 `tccli lighthouse DescribeInstances --region REGION` 查找，再把它接管过来：先 `terraform init`，再 \
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
    (
        "The script itself always ends well and in time, so TAT could not run it, or a version before this one left a run that failed. \
         The reason is in the console under TAT. Such a run can be neither repeated nor removed, so have the state forget it: \
         `terraform init`, then `terraform state rm 'module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap[0]'`. Then \
         apply or destroy again.",
        "脚本本身总会按时正常结束，所以要么是自动化助手没能执行它，要么是旧版本留下了一次失败的执行。原因在控制台的自动化助手里。这样的执行既不能重来，\
         也不能删除，只能让状态忘掉它：先 `terraform init`，再 \
         `terraform state rm 'module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap[0]'`，然后重新执行或销毁。",
    ),
    (
        "`lighthouse instance` and `does not exist`, or `InstanceIdNotFound`",
        "`lighthouse instance` 以及 `does not exist`，或者 `InstanceIdNotFound`",
    ),
    (
        "The machine is gone, and the provider does not plan without it. Have the state forget it and what hung on it: `terraform init`, \
         then `terraform state rm module.agent.tencentcloud_lighthouse_instance.this \
         module.agent.tencentcloud_lighthouse_firewall_rule.ssh module.agent.tencentcloud_lighthouse_key_pair_attachment.this \
         module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap`. Then apply, which makes a new machine, or destroy.",
        "服务器已经不在了，而插件因此无法生成计划。请让状态忘掉它以及附属于它的内容：先 `terraform init`，再 \
         `terraform state rm module.agent.tencentcloud_lighthouse_instance.this \
         module.agent.tencentcloud_lighthouse_firewall_rule.ssh module.agent.tencentcloud_lighthouse_key_pair_attachment.this \
         module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap`。然后执行（会新建一台服务器）或销毁。",
    ),
    (
        "`CommandNotFound`, or `command` and `does not exist`",
        "`CommandNotFound`，或者 `command` 以及 `does not exist`",
    ),
    (
        "Somebody deleted the TAT command. Have the state forget it and its run, which makes and runs it again: `terraform init`, then \
         `terraform state rm module.agent.tencentcloud_tat_command.bootstrap \
         module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap`. Then apply again.",
        "有人删除了自动化助手的命令。请让状态忘掉这条命令和它的执行，之后会重新创建并执行：先 `terraform init`，再 \
         `terraform state rm module.agent.tencentcloud_tat_command.bootstrap \
         module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap`，然后重新执行。",
    ),
    (
        "`KeyPairNotBoundToInstance`, or the machine does not take the right key any more",
        "`KeyPairNotBoundToInstance`，或者服务器不再接受正确的密钥",
    ),
    (
        "Somebody unbound the key pair from the machine, which the provider does not notice. Have the state forget that it was bound: \
         `terraform init`, then `terraform state rm module.agent.tencentcloud_lighthouse_key_pair_attachment.this`. Then apply \
         again, which binds it. At `KeyPairBindDuplicate` it is bound all the same: unbind it in the console first.",
        "有人把密钥对从服务器解绑了，而插件察觉不到。请让状态忘掉这次绑定：先 `terraform init`，再 \
         `terraform state rm module.agent.tencentcloud_lighthouse_key_pair_attachment.this`，然后重新执行，密钥就会重新绑定。如果出现 \
         `KeyPairBindDuplicate`，说明它其实仍然绑定着：请先在控制台解绑。",
    ),
    (
        "The machine is guarded, for what is on its disk exists nowhere else. `remote-setup destroy` lifts the guard for \
         that one run, after asking.",
        "服务器受到保护，因为磁盘上的内容别处没有。`remote-setup destroy` 询问之后，只在那一次运行中解除保护。",
    ),
    ("`ResourceNotReturnable` while destroying", "销毁时出现 `ResourceNotReturnable`"),
    (
        "Tencent does not take this machine back before its paid time ends. See in the console that it does not renew itself, and have \
         the state forget it: `terraform init`, then `terraform state rm module.agent.tencentcloud_lighthouse_instance.this`. Then \
         destroy again, which removes the rest.",
        "在预付的时间结束之前，腾讯云不接受退还这台服务器。请在控制台确认它不会自动续费，再让状态忘掉它：先 `terraform init`，再 \
         `terraform state rm module.agent.tencentcloud_lighthouse_instance.this`。然后重新销毁，其余的会被删除。",
    ),
    (
        "Have Terraform know the machine again, then destroy it: `terraform init`, then \
         `terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`. The firewall template, the \
         key pair and the TAT command are named alike and cost nothing; delete them in the console.",
        "先让 Terraform 重新认识这台服务器，再销毁它：先 `terraform init`，再 `terraform import module.agent.tencentcloud_lighthouse_instance.this lhins-…`。\
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
