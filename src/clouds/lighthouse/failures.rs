//! What goes wrong on Lighthouse, and the way out.

use crate::clouds::Failure;
use crate::tables::{Words, words};

const ATTACHMENT: &str = "module.agent.tencentcloud_lighthouse_key_pair_attachment.this";
const BUNDLE: &str = "module.agent.terraform_data.bundle";
const COMMAND: &str = "module.agent.tencentcloud_tat_command.bootstrap";
const MACHINE: &str = "module.agent.tencentcloud_lighthouse_instance.this";
const RULE: &str = "module.agent.tencentcloud_lighthouse_firewall_rule.ssh";
const RUN: &str = "module.agent.tencentcloud_tat_invocation_invoke_attachment.bootstrap";

const CHOOSE_AGAIN: Words = words(
    "make `auto` choose again: {forget}, then {again}",
    "让 `auto` 重新选择：先运行 {forget}，然后{again}",
);

pub(super) const UNBOUND_KEY: Failure = Failure {
    symptom: Some(words(
        "`KeyPairNotBoundToInstance`, or the machine rejects the right key",
        "`KeyPairNotBoundToInstance`，或者服务器不再接受正确的密钥",
    )),
    needles: &["KeyPairNotBoundToInstance"],
    cause: words(
        "the key pair is no longer bound to the machine",
        "密钥对已从服务器解绑，而 provider 察觉不到",
    ),
    remedy: words(
        "remove the binding from the state: {forget}, then {again}",
        "把这次绑定移出状态：先运行 {forget}，然后{again}",
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
            "Tencent sells only to accounts with completed identity verification",
            "账号未完成实名认证，无法在腾讯云购买",
        ),
        remedy: words(
            "complete the identity verification in the console, then apply again",
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
        cause: words(
            "your credentials are valid but lack the permission for this",
            "凭证有效，但没有相应权限",
        ),
        remedy: words(
            "ask for the CAM policies `QcloudLighthouseFullAccess`, `QcloudTATFullAccess` and `QcloudFinanceFullAccess` (for \
             payments), then apply again",
            "请申请访问管理（CAM）策略 `QcloudLighthouseFullAccess`、\
             `QcloudTATFullAccess` 和 `QcloudFinanceFullAccess`（用于付款），然后重新执行",
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
        cause: words("Tencent Cloud rejects your credentials", "腾讯云不接受你的凭证"),
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
            "`auto` chose a Lighthouse bundle that Tencent sells only on its website, such as a promotion",
            "`auto` 选中的套餐只在腾讯云官网出售，例如活动套餐",
        ),
        remedy: CHOOSE_AGAIN,
        forget: &[BUNDLE],
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`PurchaseSourceHasNoBundleConfigs`", "`PurchaseSourceHasNoBundleConfigs`")),
        needles: &["PurchaseSourceHasNoBundleConfigs"],
        cause: words(
            "Tencent sells this Lighthouse bundle only on its website, as with promotions",
            "这个套餐只在腾讯云官网出售，例如活动套餐",
        ),
        remedy: words(
            "choose one without the label ACTIVITY: `tccli lighthouse DescribeBundles --region {region} --Limit 100`; change \
             `size` in `deployment.yaml`, generate and apply again",
            "请选择标签不是 ACTIVITY 的套餐：\
             `tccli lighthouse DescribeBundles --region {region} --Limit 100`；\
             在 `deployment.yaml` 中修改 `size`，重新生成部署包并执行",
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
            "the Lighthouse bundle that `auto` chose has sold out since",
            "`auto` 选中的套餐会一直保留，而它现在已售罄",
        ),
        remedy: CHOOSE_AGAIN,
        forget: &[BUNDLE],
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "`Lighthouse sells no Linux bundle`, or the bundle is sold out",
            "`Lighthouse sells no Linux bundle`，或者套餐已售罄",
        )),
        needles: &["ResourcesSoldOut", "BundleUnavailable", "SOLD_OUT"],
        cause: words(
            "the Lighthouse bundle is sold out in this region or zone",
            "这个套餐在该地域或可用区已售罄",
        ),
        remedy: words(
            "list what is on sale: `tccli lighthouse DescribeBundles --region {region} --Limit 100`; change `size` or \
             `region` in `deployment.yaml`, generate and apply again",
            "用 `tccli lighthouse DescribeBundles --region {region} --Limit 100` 列出在售套餐；\
             在 `deployment.yaml` 中修改 `size` 或 `region`，重新生成部署包并执行",
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
            "Tencent does not offer this image, or no longer does; existing machines are not affected",
            "腾讯云没有这个镜像，或者已经下架；已有服务器不受影响",
        ),
        remedy: words(
            "list the images: `tccli lighthouse DescribeBlueprints --region {region} --Limit 100`; put `blueprint_id = \
             \"lhbp-…\"` into `terraform.tfvars`, list that file under `extra_files` in `deployment.yaml`, generate and \
             apply again",
            "新建服务器时，\
             用 `tccli lighthouse DescribeBlueprints --region {region} --Limit 100` 另选一个镜像，\
             把 `blueprint_id = \"lhbp-…\"` 写进 `terraform.tfvars`，\
             在 `deployment.yaml` 的 `extra_files` 中列出这个文件，重新生成部署包并执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`KeyPairPublicKeyDuplicated`", "`KeyPairPublicKeyDuplicated`")),
        needles: &["KeyPairPublicKeyDuplicated"],
        cause: words(
            "your account already has this public key, in another key pair",
            "你的账号中已有这把公钥，在另一个密钥对里",
        ),
        remedy: words(
            "find its id: `tccli lighthouse DescribeKeyPairs --region {region} --Limit 100`; put `ssh_key_id = \"lhkp-…\"` \
             into `terraform.tfvars`, list that file under `extra_files` in `deployment.yaml`, generate and apply again: \
             that pair is then used, and is never deleted from here",
            "用 `tccli lighthouse DescribeKeyPairs --region {region} --Limit 100` 查到那个密钥对的 ID，\
             把 `ssh_key_id = \"lhkp-…\"` 写进 `terraform.tfvars`，\
             在 `deployment.yaml` 的 `extra_files` 中列出这个文件，重新生成部署包并执行：之后会使用那个密钥对，\
             并且不会从这里删除它",
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
            "the account balance is too low, and a machine is charged when it is created",
            "账号余额不足，而服务器在创建时即扣款",
        ),
        remedy: words(
            "add funds in the console under Billing Center, then apply again",
            "请在控制台的费用中心充值，然后重新执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "The apply fails while the machine is being created",
            "创建服务器的过程中执行失败",
        )),
        needles: &["lighthouse instance status is", "lighthouse instance creating"],
        cause: words(
            "the machine was bought but did not start in time, so it is not in the state",
            "服务器已购买，但没有及时启动，因此不在状态中",
        ),
        remedy: words(
            "find its id with `tccli lighthouse DescribeInstances --region {region}`, import it with `{terraform} import \
             module.agent.tencentcloud_lighthouse_instance.this ID`, and apply again; otherwise a second machine would be \
             bought",
            "用 `tccli lighthouse DescribeInstances --region {region}` 查到它的 ID，\
             运行 `{terraform} import module.agent.tencentcloud_lighthouse_instance.this ID` 导入状态，\
             然后重新执行；否则会再买一台",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "`AgentStatusNotOnline`, or TAT reports that its agent is offline",
            "`AgentStatusNotOnline`，或者自动化助手显示客户端离线",
        )),
        needles: &["TatAgentNotOnline", "AgentStatusNotOnline"],
        cause: words(
            "the TAT agent on the machine is not online yet",
            "自动化助手客户端比服务器启动得晚，目前还未上线",
        ),
        remedy: words(
            "apply again in a minute; if it never comes online, change `bootstrap` to `ssh` in `deployment.yaml`, generate \
             and apply",
            "请一分钟后重新执行；如果一直不上线，请在 `deployment.yaml` 中把 `bootstrap` 改为 `ssh`，重新生成部署包并执行",
        ),
        retry: true,
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`invocation status is still pending`", "`invocation status is still pending`")),
        needles: &["invocation status is still pending"],
        cause: words(
            "a TAT run did not succeed, and Terraform can neither retry nor remove such a run",
            "自动化助手的一次执行没有成功，而 Terraform 既不能重试也不能删除它",
        ),
        remedy: words(
            "the reason is in the console under TencentCloud Automation Tools; then remove the run from the state: {forget}, \
             then {again}",
            "原因见控制台的自动化助手；然后把这次执行移出状态：先运行 {forget}，然后{again}",
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
            "the machine no longer exists, but the state still lists it",
            "服务器已不存在，而状态中还有它",
        ),
        remedy: words(
            "if the console does not show it either, remove it and what depends on it from the state: {forget}, then {again}",
            "如果控制台中也没有它，请把它和依赖它的资源移出状态：先运行 {forget}，然后{again}",
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
            "the state lists resources of a machine that Tencent does not know",
            "状态中有属于某台服务器的资源，而腾讯云查不到这台服务器",
        ),
        remedy: words(
            "if that machine no longer exists, remove them from the state: {forget}, then {again}; if it was created moments \
             ago, just {again}",
            "如果这台服务器已不存在，请把它们移出状态：先运行 {forget}，然后{again}；如果它刚刚创建，只需{again}",
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
            "the TAT command was deleted, but the state still lists it",
            "自动化助手命令已被删除，而状态中还有它",
        ),
        remedy: words(
            "remove it and its run from the state: {forget}, then {again}",
            "把这条命令和它的执行移出状态：先运行 {forget}，然后{again}",
        ),
        forget: &[COMMAND, RUN],
        ..Failure::PLAIN
    },
    UNBOUND_KEY,
    Failure {
        symptom: Some(words("`KeyPairBindDuplicate`", "`KeyPairBindDuplicate`")),
        needles: &["KeyPairBindDuplicate"],
        cause: words(
            "the key pair is already bound to the machine, but the state does not list that",
            "密钥对已绑定到服务器，而状态中没有这次绑定",
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
            "另一台服务器也在使用这个密钥对，腾讯云不会删除它",
        ),
        remedy: words(
            "leave the pair to that machine and remove it from the state: {forget}, then {again}",
            "把密钥对留给那台服务器，并把它移出状态：先运行 {forget}，然后{again}",
        ),
        forget: &["module.agent.tencentcloud_lighthouse_key_pair.this"],
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`Instance cannot be destroyed`", "`Instance cannot be destroyed`")),
        cause: words(
            "the machine is protected, because what is on its disk exists nowhere else",
            "服务器带有销毁保护，因为磁盘上的内容没有其他副本",
        ),
        remedy: words(
            "`remote-setup destroy` asks, then lifts the protection for that one run",
            "`remote-setup destroy` 确认之后，只在那一次运行中解除保护",
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
            "Tencent does not accept this machine back before its paid period ends",
            "预付期结束之前，腾讯云不接受退还这台服务器",
        ),
        remedy: words(
            "check in the console that it does not renew automatically, then remove it from the state: {forget}, then \
             {again}, which removes the rest",
            "请在控制台确认它不会自动续费，再把它移出状态：先运行 {forget}，然后{again}，其余资源会被删除",
        ),
        forget: &[MACHINE],
        ..Failure::PLAIN
    },
    Failure {
        needles: &["tencentcloud_tat_invocation_invoke_attachment"],
        cause: words("the machine could not be told to run its first script", "未能让服务器运行首个脚本"),
        remedy: words(
            "apply again; if that does not help, change `bootstrap` to `ssh` in `deployment.yaml`, generate and apply",
            "请重新执行；如果仍然失败，请在 `deployment.yaml` 中把 `bootstrap` 改为 `ssh`，重新生成部署包并执行",
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
        cause: words("the machine is still busy with an earlier operation", "服务器仍在处理之前的操作"),
        remedy: words("apply again in a few minutes", "请几分钟后重新执行"),
        retry: true,
        ..Failure::PLAIN
    },
];
