//! What goes wrong on Azure, and the way out.

use crate::clouds::Failure;
use crate::tables::words;

pub(super) const FAILURES: &[Failure] = &[
    Failure {
        symptom: Some(words(
            "`ForbiddenByFirewall` or `Client address is not authorized`",
            "`ForbiddenByFirewall` 或 `Client address is not authorized`",
        )),
        cause: words("nothing in this bundle accesses the vault directly", "这个部署包从不直接访问保管库"),
        remedy: words(
            "the state comes from version 0.1, and Terraform was run by hand: run `remote-setup apply` in this folder. It \
             shows the command that removes the secrets from the state, and asks first; the vault keeps them",
            "状态来自 0.1 版，而 Terraform 是手动运行的：请在本目录运行 `remote-setup apply`，它会显示把机密移出状态的命令，并先请你确认；保管库中的机密不受影响",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "The machine says that it is waiting for the vault's name, the vault, its role or a secret",
            "服务器提示正在等待保管库的域名、保管库、角色或某个机密",
        )),
        cause: words(
            "the vault is created alongside the machine and takes a few minutes; the role can take another ten",
            "保管库与服务器同时创建，需要几分钟；角色生效最多再等十分钟",
        ),
        remedy: words(
            "the machine waits 20 minutes, then says what is missing; to retry at once, run `sudo systemctl restart \
             @agent@-secrets` there",
            "服务器最多等待 20 分钟，之后会说明缺少什么；想立即重试，请在服务器上运行 `sudo systemctl restart @agent@-secrets`",
        ),
        ..Failure::PLAIN
    },
    Failure {
        needles: &["AnotherOperationInProgress"],
        cause: words(
            "Azure is still processing an earlier change to the same resource",
            "Azure 仍在处理对同一资源的上一次修改",
        ),
        remedy: words("apply again in a few minutes", "请几分钟后重新执行"),
        retry: true,
        ..Failure::PLAIN
    },
    Failure {
        needles: &["vaults/secrets/write"],
        cause: words(
            "you are not allowed to store secrets in this resource group",
            "你没有在这个资源组中存储机密的权限",
        ),
        remedy: words(
            "ask for Contributor, in addition to the role that lets you assign roles, then apply again",
            "除分配角色所需的角色外，请再申请参与者（`Contributor`）角色，然后重新执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`SkuNotAvailable` or a quota error", "`SkuNotAvailable` 或配额错误")),
        needles: &["SkuNotAvailable", "QuotaExceeded", "exceeding approved"],
        cause: words(
            "this machine size is not available to you in this region",
            "你的订阅在这个地域没有这种规格可用",
        ),
        remedy: words(
            "list the available sizes: `az vm list-skus -l {region} --size Standard_B2 -o table`; change `size` or `region` \
             in `deployment.yaml`, generate and apply again",
            "用 `az vm list-skus -l {region} --size Standard_B2 -o table` 列出可用规格；\
             在 `deployment.yaml` 中修改 `size` 或 `region`，重新生成部署包并执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "`AuthorizationFailed` on `roleAssignments/write`",
            "`roleAssignments/write` 出现 `AuthorizationFailed`",
        )),
        needles: &["roleAssignments/write"],
        cause: words(
            "you are not allowed to assign roles in this subscription",
            "你没有在这个订阅中分配角色的权限",
        ),
        remedy: words(
            "ask for Owner, User Access Administrator or Role Based Access Control Administrator, then apply again",
            "请申请所有者（`Owner`）、用户访问管理员（`User Access Administrator`）或基于角色的访问控制管理员\
             （`Role Based Access Control Administrator`）角色，然后重新执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`VaultAlreadyExists`", "`VaultAlreadyExists`")),
        needles: &[
            "VaultAlreadyExists",
            "ConflictError: A vault with the same name already exists",
        ],
        cause: words(
            "the vault's name is taken, possibly by a deleted vault that Azure still keeps",
            "保管库的名称已被占用，可能是已删除但仍在保留期内的保管库",
        ),
        remedy: words(
            "give the deployment a new `id` in `deployment.yaml`, generate and apply again",
            "请在 `deployment.yaml` 中给部署换一个新的 `id`，重新生成部署包并执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        needles: &[
            "az login",
            "could not acquire access token",
            "Please run 'az login'",
            "obtain a subscription",
        ],
        cause: words("you are not logged in to Azure", "尚未登录 Azure"),
        remedy: words("run `az login` and try again", "请运行 `az login` 后重试"),
        ..Failure::PLAIN
    },
];
