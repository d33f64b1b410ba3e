//! What goes wrong on Azure, and the way out.

use crate::clouds::Failure;
use crate::tables::words;

pub(super) const FAILURES: &[Failure] = &[
    Failure {
        symptom: Some(words(
            "`ForbiddenByFirewall` or `Client address is not authorized`",
            "`ForbiddenByFirewall` 或 `Client address is not authorized`",
        )),
        cause: words("nothing in this bundle asks the vault itself", "这个部署包从不直接访问保管库"),
        remedy: words(
            "the state is of version 0.1, and Terraform was run by hand: run `remote-setup apply` in this folder, which first shows \
             the step that makes the state forget the secrets and asks. The vault keeps them",
            "这里的状态文件来自 0.1 版，而 Terraform 是手动运行的：请在本目录运行 `remote-setup apply`，\
             它会先显示让状态文件忘掉这些机密的那一步并征求同意。保管库里的机密不受影响",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "The machine says that it waits for the vault's name, the vault, its role or a secret",
            "服务器提示正在等待保管库的名称、保管库、角色或某个机密",
        )),
        cause: words(
            "the vault is made beside the machine and takes a few minutes, and the role up to ten more",
            "保管库与服务器同时创建，需要几分钟；角色生效最多再要十分钟",
        ),
        remedy: words(
            "it waits 20 minutes, then says what was missing; `sudo systemctl restart codewhale-secrets` there tries again at once",
            "服务器会等待 20 分钟，之后说明还缺什么；在服务器上运行 `sudo systemctl restart codewhale-secrets` 可以立即重试",
        ),
        ..Failure::PLAIN
    },
    Failure {
        needles: &["AnotherOperationInProgress"],
        cause: words(
            "Azure is still at work on an earlier change of the same resource",
            "Azure 还在处理对同一个资源的上一次修改",
        ),
        remedy: words("apply again in a few minutes", "请过几分钟重新执行"),
        retry: true,
        ..Failure::PLAIN
    },
    Failure {
        needles: &["vaults/secrets/write"],
        cause: words("you may not store secrets in this resource group", "你无权在这个资源组里存放机密"),
        remedy: words(
            "ask for Contributor beside the role that assigns roles, then apply again",
            "请在可以分配角色的那个角色之外，再申请参与者（`Contributor`）角色，然后重新执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words("`SkuNotAvailable` or a quota error", "`SkuNotAvailable` 或配额错误")),
        needles: &["SkuNotAvailable", "QuotaExceeded", "exceeding approved"],
        cause: words(
            "the region has none of this machine size for you",
            "这个地域没有可供你使用的这种规格",
        ),
        remedy: words(
            "see what it has: `az vm list-skus -l {region} --size Standard_B2 -o table`, change `size` or `region` in \
             `deployment.yaml`, generate and apply again",
            "`az vm list-skus -l {region} --size Standard_B2 -o table` 会列出有哪些；请在 `deployment.yaml` 里修改 `size` 或 `region`，\
             再重新生成部署包并执行",
        ),
        ..Failure::PLAIN
    },
    Failure {
        symptom: Some(words(
            "`AuthorizationFailed` on `roleAssignments/write`",
            "`roleAssignments/write` 出现 `AuthorizationFailed`",
        )),
        needles: &["roleAssignments/write"],
        cause: words("you may not assign roles in this subscription", "你无权在这个订阅里分配角色"),
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
            "the vault's name is taken, perhaps by a deleted vault that is kept for a while",
            "保管库的名称已被占用，可能是一个已删除但还会保留一段时间的保管库",
        ),
        remedy: words(
            "give the deployment a new `id` in `deployment.yaml`, generate and apply again",
            "请在 `deployment.yaml` 里给部署换一个新的 `id`，再重新生成部署包并执行",
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
        cause: words("you are not logged in to Azure", "你没有登录 Azure"),
        remedy: words("run `az login`, then this again", "请先运行 `az login`，再重试"),
        ..Failure::PLAIN
    },
];
