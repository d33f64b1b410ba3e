//! What goes wrong on Lighthouse, and the way out.

use crate::clouds::Failure;
use crate::tables::words;

const ATTACHMENT: &str = "module.agent.tencentcloud_lighthouse_key_pair_attachment.this";
const BUNDLE: &str = "module.agent.terraform_data.bundle";
const COMMAND: &str = "module.agent.tencentcloud_tat_command.bootstrap";
const MACHINE: &str = "module.agent.tencentcloud_lighthouse_instance.this";
const RULE: &str = "module.agent.tencentcloud_lighthouse_firewall_rule.ssh";
const RUN: &str = "module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap";

pub(super) const UNBOUND_KEY: Failure = Failure {
    symptom: Some(words(
        "`KeyPairNotBoundToInstance`, or the machine does not take the right key any more",
        "`KeyPairNotBoundToInstance`，或者服务器不再接受正确的密钥",
    )),
    needles: &["KeyPairNotBoundToInstance"],
    cause: words(
        "the key is not bound to the machine any more",
        "密钥对已经从服务器解绑，而插件察觉不到",
    ),
    remedy: words(
        "have the state forget the binding: {forget}, then {again}",
        "请让状态忘掉这次绑定：先 {forget}，然后{again}",
    ),
    forget: &[ATTACHMENT],
    ..Failure::PLAIN
};

pub(super) const FAILURES: &[Failure] = &[
    Failure {
        needles: &[
            "UnauthorizedOperation.NotCertification",
            "UnauthorizedOperation.CertificationNeedUpgrade",
        ],
        cause: words(
            "Tencent sells nothing to an account whose owner has not proved who they are",
            "账号没有完成实名认证，腾讯云不会向它出售任何东西",
        ),
        remedy: words(
            "finish the identity verification in the console, then apply again",
            "请在控制台完成实名认证，然后重新执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`UnauthorizedOperation`", "`UnauthorizedOperation`")),
        needles: &[
            "AuthFailure.UnauthorizedOperation",
            "UnauthorizedOperation",
            "not authorized to perform",
        ],
        cause: words("your credentials are right, but may not do this", "你的凭证有效，但无权做这件事"),
        remedy: words(
            "ask for the CAM policies `QcloudLighthouseFullAccess`, `QcloudTATFullAccess` and `QcloudFinanceFullAccess` (which pays), \
             then apply again",
            "请申请访问管理（CAM）策略 `QcloudLighthouseFullAccess`、`QcloudTATFullAccess` 和 `QcloudFinanceFullAccess`（用于付款），\
             然后重新执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`AuthFailure`", "`AuthFailure`")),
        needles: &[
            "AuthFailure",
            "InvalidCredential",
            "secret id or secret key",
            "SecretIdNotFound",
        ],
        cause: words("Tencent Cloud does not take your credentials", "腾讯云不接受你的凭证"),
        remedy: words(
            "set `TENCENTCLOUD_SECRET_ID` and `TENCENTCLOUD_SECRET_KEY`, or run `tccli auth login`, then try again; an account of \
             tencentcloud.com also needs `TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`",
            "请设置 `TENCENTCLOUD_SECRET_ID` 和 `TENCENTCLOUD_SECRET_KEY`，或者运行 `tccli auth login`，然后重试；\
             国际站（tencentcloud.com）账号还需要 `TENCENTCLOUD_DOMAIN=intl.tencentcloudapi.com`",
        ),
        ..Failure::PLAIN
    },
    Failure {
        needles: &["PurchaseSourceHasNoBundleConfigs"],
        cause: words(
            "Tencent sells the bundle that `auto` chose on its own pages only, as in a promotion",
            "腾讯云只在自己的页面上出售 `auto` 选中的套餐，例如活动套餐",
        ),
        remedy: words(
            "have `auto` choose anew: {forget}, then {again}",
            "让 `auto` 重新选择：先 {forget}，然后{again}",
        ),
        forget: &[BUNDLE],
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`PurchaseSourceHasNoBundleConfigs`", "`PurchaseSourceHasNoBundleConfigs`")),
        needles: &["PurchaseSourceHasNoBundleConfigs"],
        cause: words(
            "Tencent sells this bundle on its own pages only, as in a promotion",
            "腾讯云只在自己的页面上出售这个套餐，例如活动套餐",
        ),
        remedy: words(
            "take one whose label is not ACTIVITY: `tccli lighthouse DescribeBundles --region {region} --Limit 100`, change `size` in \
             `deployment.yaml`, generate and apply again",
            "请换一个标签不是 ACTIVITY 的套餐：`tccli lighthouse DescribeBundles --region {region} --Limit 100`，在 `deployment.yaml` 里修改 \
             `size`，再重新生成部署包并执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "`ResourcesSoldOut` or `BundleUnavailable`, with `size: auto`",
            "`size: auto` 时出现 `ResourcesSoldOut` 或 `BundleUnavailable`",
        )),
        needles: &["ResourcesSoldOut", "BundleUnavailable"],
        cause: words(
            "the bundle that `auto` chose is sold out by now",
            "`auto` 选中的套餐会一直保留，而它现在已经售罄",
        ),
        remedy: words(
            "have `auto` choose anew: {forget}, then {again}",
            "让 `auto` 重新选择：先 {forget}，然后{again}",
        ),
        forget: &[BUNDLE],
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "`Lighthouse sells no Linux bundle`, or the bundle is sold out",
            "`Lighthouse sells no Linux bundle`，或者套餐已售罄",
        )),
        needles: &["ResourcesSoldOut", "BundleUnavailable", "SOLD_OUT"],
        cause: words("the bundle is sold out in this region or zone", "这个套餐在这个地域或可用区已经售罄"),
        remedy: words(
            "see what it has: `tccli lighthouse DescribeBundles --region {region} --Limit 100`, change `size` or `region` in \
             `deployment.yaml`, generate and apply again",
            "`tccli lighthouse DescribeBundles --region {region} --Limit 100` 会列出在售的套餐；请在 `deployment.yaml` 里修改 `size` 或 \
             `region`，再重新生成部署包并执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "`Lighthouse offers no image of Ubuntu 24.04`, or `BlueprintIdNotFound`",
            "`Lighthouse offers no image of Ubuntu 24.04`，或者 `BlueprintIdNotFound`",
        )),
        needles: &[
            "BlueprintIdNotFound",
            "BlueprintNotFound",
            "BlueprintUnavailable",
            "InvalidBlueprintId",
        ],
        cause: words(
            "Tencent does not have the image, or not any more; a machine that exists is not touched by that",
            "腾讯云没有这个镜像，或者已经下架；已有的服务器不受影响",
        ),
        remedy: words(
            "see which it has: `tccli lighthouse DescribeBlueprints --region {region} --Limit 100`, put `blueprint_id = \"lhbp-…\"` into \
             `terraform.tfvars`, name that file under `extra_files` in `deployment.yaml`, generate and apply again",
            "要新建服务器，请用 `tccli lighthouse DescribeBlueprints --region {region} --Limit 100` 另找一个，把 \
             `blueprint_id = \"lhbp-…\"` 写进 `terraform.tfvars`，在 `deployment.yaml` 的 `extra_files` 里列出这个文件，再重新生成部署包并执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`KeyPairPublicKeyDuplicated`", "`KeyPairPublicKeyDuplicated`")),
        needles: &["KeyPairPublicKeyDuplicated"],
        cause: words(
            "your account has this public key already, in another key pair",
            "你的账号里已经有这把公钥，在另一个密钥对里",
        ),
        remedy: words(
            "find its id: `tccli lighthouse DescribeKeyPairs --region {region} --Limit 100`, put `ssh_key_id = \"lhkp-…\"` into \
             `terraform.tfvars`, name that file under `extra_files` in `deployment.yaml`, generate and apply again: the pair is then \
             used, and never deleted from here",
            "`tccli lighthouse DescribeKeyPairs --region {region} --Limit 100` 会给出那个密钥对的 ID；请把 `ssh_key_id = \"lhkp-…\"` 写进 \
             `terraform.tfvars`，在 `deployment.yaml` 的 `extra_files` 里列出这个文件，再重新生成部署包并执行：之后会使用那个密钥对，并且绝不会从这里删除它",
        ),
        ..Failure::PLAIN
    },
    Failure {
        needles: &[
            "InsufficientBalance",
            "insufficient balance",
            "LowBalance",
            "InArrears",
            "余额不足",
        ],
        cause: words(
            "the account has not enough money, and a machine is paid for when it is made",
            "账号余额不足，而服务器在创建时即扣款",
        ),
        remedy: words(
            "top it up in the console under Billing Center, then apply again",
            "请在控制台的费用中心充值，然后重新执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "The apply ends in an error while the machine is being made",
            "创建服务器的过程中执行出错",
        )),
        needles: &["lighthouse instance status is", "lighthouse instance creating"],
        cause: words(
            "the machine was bought but did not start in time, and the state does not know it",
            "服务器已经购买，但没有及时启动，而状态并不知道它",
        ),
        remedy: words(
            "find its id with `tccli lighthouse DescribeInstances --region {region}`, have the state know it: `{terraform} import \
             module.agent.tencentcloud_lighthouse_instance.this ID`, and apply again: otherwise a second one would be bought",
            "请用 `tccli lighthouse DescribeInstances --region {region}` 查到它的 ID，让状态认识它：`{terraform} import \
             module.agent.tencentcloud_lighthouse_instance.this ID`，然后重新执行：否则会再买一台",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "`AgentStatusNotOnline`, or TAT says that the agent is offline",
            "`AgentStatusNotOnline`，或者自动化助手显示客户端离线",
        )),
        needles: &["TatAgentNotOnline", "AgentStatusNotOnline"],
        cause: words(
            "Tencent's agent on the machine is not online yet",
            "腾讯云的客户端比服务器启动得晚，现在还没有上线",
        ),
        remedy: words(
            "apply again in a minute; where it never comes, change `bootstrap` to `ssh` in `deployment.yaml`, and generate and apply",
            "请过一分钟重新执行；如果一直不上线，请在 `deployment.yaml` 里把 `bootstrap` 改为 `ssh`，再重新生成部署包并执行",
        ),
        retry: true,
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`invocation status is still pending`", "`invocation status is still pending`")),
        needles: &["invocation status is still pending"],
        cause: words(
            "a run of TAT did not succeed, and Terraform can neither repeat nor remove such a run",
            "自动化助手的一次执行没有成功，而这样的执行 Terraform 既不能重来，也不能删除",
        ),
        remedy: words(
            "see why in the console under TencentCloud Automation Tools, then have the state forget it: {forget}, then {again}",
            "原因在控制台的自动化助手里；请让状态忘掉它：先 {forget}，然后{again}",
        ),
        forget: &[RUN],
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "`lighthouse instance` and `does not exist`",
            "`lighthouse instance` 以及 `does not exist`",
        )),
        needles: &["resource `lighthouse instance`"],
        cause: words(
            "the machine is gone, and the state still knows it",
            "服务器已经不在了，而状态里还有它",
        ),
        remedy: words(
            "if the console no longer shows it either, have the state forget it and what hangs on it: {forget}, then {again}",
            "如果控制台里也没有它了，请让状态忘掉它以及附属于它的内容：先 {forget}，然后{again}",
        ),
        forget: &[MACHINE, RULE, ATTACHMENT, RUN],
        ..Failure::PLAIN
    },
    // Without the machine itself: right after it was made, Tencent may not know it everywhere.
    Failure {
        symptom: Some(words("`InstanceIdNotFound`", "`InstanceIdNotFound`")),
        needles: &[
            "ResourceNotFound.InstanceIdNotFound",
            "ResourceNotFound.InstanceNotFound",
        ],
        cause: words(
            "the state knows parts of a machine that Tencent does not know",
            "状态里有一台服务器的附属内容，而腾讯云不认识这台服务器",
        ),
        remedy: words(
            "if that machine is gone, have the state forget them: {forget}, then {again}; if it was made moments ago, just {again}",
            "如果这台服务器已经不在了，请让状态忘掉它们：先 {forget}，然后{again}；如果它刚刚创建，只需{again}",
        ),
        forget: &[RULE, ATTACHMENT, RUN],
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "`CommandNotFound`, or `command` and `does not exist`",
            "`CommandNotFound`，或者 `command` 以及 `does not exist`",
        )),
        needles: &["resource `command`", "ResourceNotFound.CommandNotFound"],
        cause: words(
            "the TAT command was deleted, and the state still knows it",
            "自动化助手的命令已被删除，而状态里还有它",
        ),
        remedy: words(
            "have the state forget it and its run: {forget}, then {again}",
            "请让状态忘掉这条命令和它的执行：先 {forget}，然后{again}",
        ),
        forget: &[COMMAND, RUN],
        ..Failure::PLAIN
    },
    UNBOUND_KEY,
    Failure {
        symptom: Some(words("`KeyPairBindDuplicate`", "`KeyPairBindDuplicate`")),
        needles: &["KeyPairBindDuplicate"],
        cause: words(
            "the key is bound to the machine already, and the state does not know it",
            "密钥其实已经绑定到服务器，而状态并不知道",
        ),
        remedy: words(
            "unbind it in the console (Lighthouse, Key pairs), then apply again",
            "请先在控制台解绑（轻量应用服务器的密钥对），再重新执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        needles: &["ResourceInUse.KeyPairInUse"],
        cause: words(
            "another machine uses the key pair too, so Tencent does not delete it",
            "另一台服务器也在使用这个密钥对，所以腾讯云不会删除它",
        ),
        remedy: words(
            "leave the pair to that machine and have the state forget it: {forget}, then {again}",
            "请把密钥对留给那台服务器，并让状态忘掉它：先 {forget}，然后{again}",
        ),
        forget: &["module.agent.tencentcloud_lighthouse_key_pair.this"],
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`Instance cannot be destroyed`", "`Instance cannot be destroyed`")),
        cause: words(
            "the machine is guarded, for what is on its disk exists nowhere else",
            "服务器受到保护，因为磁盘上的内容别处没有",
        ),
        remedy: words(
            "`remote-setup destroy` lifts the guard for that one run, after asking",
            "`remote-setup destroy` 询问之后，只在那一次运行中解除保护",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "`ResourceNotReturnable` while destroying",
            "销毁时出现 `ResourceNotReturnable`",
        )),
        needles: &["ResourceNotReturnable"],
        cause: words(
            "Tencent does not take this machine back before its paid time ends",
            "在预付的时间结束之前，腾讯云不接受退还这台服务器",
        ),
        remedy: words(
            "see in the console that it does not renew itself, then have the state forget it: {forget}, then {again}, which removes the rest",
            "请在控制台确认它不会自动续费，再让状态忘掉它：先 {forget}，然后{again}，其余的会被删除",
        ),
        forget: &[MACHINE],
        ..Failure::PLAIN
    },
    Failure {
        needles: &["tencentcloud_tat_invocation_invoke_attachment"],
        cause: words("the machine was not told to run its first script", "没能让服务器运行它的第一个脚本"),
        remedy: words(
            "apply again; where that does not help, change `bootstrap` to `ssh` in `deployment.yaml`, and generate and apply",
            "请重新执行；如果没有用，请在 `deployment.yaml` 里把 `bootstrap` 改为 `ssh`，再重新生成部署包并执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        needles: &[
            "LatestOperationUnfinished",
            "InstanceOperationInProgress",
            "FirewallBusy",
            "SystemBusy",
        ],
        cause: words(
            "the machine is still busy with what was asked of it before",
            "服务器还在处理之前的请求",
        ),
        remedy: words("apply again in a few minutes", "请过几分钟重新执行"),
        retry: true,
        ..Failure::PLAIN
    },
];
