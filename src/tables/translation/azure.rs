//! The Azure row.

pub(super) const AZURE: &[(&str, &str)] = &[
    (
        "static public IP about 3.7, 32 GiB standard SSD about 2.4, Key Vault cents",
        "静态公网 IP 约 3.7，32 GiB 标准 SSD 约 2.4，密钥保管库不到 1",
    ),
    ("a resource group that holds all of it", "一个资源组，包含其余全部资源"),
    (
        "a virtual network with one private subnet and a network security group",
        "一个虚拟网络，带一个专用子网和一个网络安全组",
    ),
    ("a static public IP and a network interface", "一个静态公网 IP 和一个网络接口"),
    (
        "a Key Vault, closed to every network but the machine's subnet, with the secrets in it",
        "一个密钥保管库（Key Vault），存放机密，只对服务器所在的子网开放",
    ),
    (
        "an Ubuntu 24.04 machine whose managed identity may read those secrets",
        "一台 Ubuntu 24.04 服务器，它的托管标识可以读取这些机密",
    ),
    (
        "a role assignment that lets the machine read its secrets",
        "一个角色分配，让服务器可以读取它的机密",
    ),
    (
        "An Azure subscription, and the Azure CLI (`brew install azure-cli`, or as <https://aka.ms/azure-cli> says) logged in \
         to it: `az login`, then `az account show` says which subscription Terraform will use unless `ARM_SUBSCRIPTION_ID` names \
         another.",
        "一个 Azure 订阅，并已用 Azure CLI 登录（安装：`brew install azure-cli`，或参见 <https://aka.ms/azure-cli>）：先运行 `az login`，再用 `az account show` 查看 Terraform 将使用哪个订阅，\
         除非用 `ARM_SUBSCRIPTION_ID` 另行指定。",
    ),
    (
        "The right to assign roles in it: Owner, User Access Administrator or Role Based Access Control Administrator. \
         Contributor alone is not enough.",
        "在该订阅中分配角色的权限：所有者（`Owner`）、用户访问管理员（`User Access Administrator`）或基于角色的访问控制管理员\
         （`Role Based Access Control Administrator`）。只有参与者（`Contributor`）是不够的。",
    ),
    (
        "Terraform or OpenTofu, 1.11 or newer: `brew install opentofu`, or as <https://opentofu.org/docs/intro/install> and \
         <https://developer.hashicorp.com/terraform/install> say.",
        "1.11 或更新的 Terraform 或 OpenTofu：`brew install opentofu`，或参见 <https://opentofu.org/docs/intro/install> 和 \
         <https://developer.hashicorp.com/terraform/install>。",
    ),
    (
        "Deallocated, the machine costs nothing; its disk and its address go on, at about 6 dollars a month, and \
         everything on the disk stays: `az vm deallocate --ids \"$(terraform output -raw vm_id)\"`. It comes back under \
         the same address, with the agent running: `az vm start --ids \"$(terraform output -raw vm_id)\"`. Shutting \
         it down from inside does not stop the bill. Start it before you plan or apply.",
        "解除分配（deallocate）之后，服务器本身不再收费；磁盘和公网地址仍然收费，每月约 6 美元，磁盘上的内容都保留：\
         `az vm deallocate --ids \"$(terraform output -raw vm_id)\"`。再次启动后地址不变，智能体会自动运行：\
         `az vm start --ids \"$(terraform output -raw vm_id)\"`。只在系统里关机并不会停止计费。生成计划或执行之前请先启动它。",
    ),
    (
        "`ForbiddenByFirewall` or `Client address is not authorized`",
        "`ForbiddenByFirewall` 或 `Client address is not authorized`",
    ),
    (
        "Nothing in this bundle asks the vault itself. The state is of version 0.1, and Terraform was run by hand: run \
         `remote-setup apply` in this folder, which first shows the step that makes the state forget the secrets and asks. The vault keeps \
         them.",
        "这个部署包从不直接访问保管库。这里的状态文件来自 0.1 版，而 Terraform 是手动运行的：请在本目录运行 `remote-setup apply`，\
         它会先显示让状态文件忘掉这些机密的那一步并征求同意。保管库里的机密不受影响。",
    ),
    (
        "The machine says that it waits for the vault's name, the vault, its role or a secret",
        "服务器提示正在等待保管库的名称、保管库、角色或某个机密",
    ),
    (
        "The vault is made beside the machine and takes a few minutes, and the role up to ten more. It waits 20 \
         minutes, then says what was missing; `sudo systemctl restart codewhale-secrets` there tries again at once.",
        "保管库与服务器同时创建，需要几分钟；角色生效最多再要十分钟。服务器会等待 20 分钟，之后说明还缺什么；\
         在服务器上运行 `sudo systemctl restart codewhale-secrets` 可以立即重试。",
    ),
    ("`SkuNotAvailable` or a quota error", "`SkuNotAvailable` 或配额错误"),
    (
        "The region has none of this size for you. `az vm list-skus -l REGION --size Standard_B2 -o table` shows \
         what it has; change `size` or `region` in `deployment.yaml` and generate again.",
        "这个地域没有可供你使用的这种规格。`az vm list-skus -l REGION --size Standard_B2 -o table` 会列出有哪些；\
         请在 `deployment.yaml` 里修改 `size` 或 `region`，再重新生成部署包。",
    ),
    (
        "`AuthorizationFailed` on `roleAssignments/write`",
        "`roleAssignments/write` 出现 `AuthorizationFailed`",
    ),
    (
        "You are Contributor only. Ask for one of the roles named under \"At hand\".",
        "你只有参与者角色。请申请“准备工作”一节列出的角色之一。",
    ),
    (
        "The name is held by a soft-deleted vault elsewhere. Give the deployment a new `id` in `deployment.yaml`.",
        "这个名称被别处一个软删除的保管库占用。请在 `deployment.yaml` 里给部署换一个新的 `id`。",
    ),
    (
        "All of it is in one resource group, which the list names and which can go as a whole: \
         `az group delete --name GROUP`.",
        "所有资源都在同一个资源组里，列表中会显示它的名称；可以整组删除：`az group delete --name GROUP`。",
    ),
    (
        "Azure keeps the deleted vault, and with it the name, for seven days (soft delete with purge \
         protection). Applying the same bundle again within that time brings the old vault back, with its \
         secrets; to start afresh, give the deployment a new `id`.",
        "Azure 会把删除的保管库连同它的名称保留七天（软删除加清除保护）。在此期间再次部署同一个部署包，会恢复原来的保管库和其中的机密；\
         要重新开始，请给部署换一个新的 `id`。",
    ),
];
