//! What the runbook and the summary say about Azure.

use crate::clouds::ENGINE_INSTALLED;
use crate::tables::{Words, words};

pub(super) const OTHER_COST_NOTE: Words = words(
    "a static public IP (about 3.7), a 32 GiB standard SSD (about 2.4), and Key Vault (cents)",
    "静态公网 IP 约 3.7，32 GiB 标准 SSD 约 2.4，密钥保管库不到 1",
);

pub(super) const PREREQUISITES: &[Words] = &[
    words(
        "An Azure subscription, and the Azure CLI (`brew install azure-cli`, or see <https://aka.ms/azure-cli>), logged \
         in: `az login`; then `az account show` prints the subscription that Terraform will use, unless \
         `ARM_SUBSCRIPTION_ID` names another.",
        "一个 Azure 订阅，以及已登录的 Azure CLI（用 `brew install azure-cli` 安装，\
         或参见 <https://aka.ms/azure-cli>）：先运行 `az login`，\
         再用 `az account show` 查看 Terraform 将使用的订阅；\
         也可以用 `ARM_SUBSCRIPTION_ID` 另行指定。",
    ),
    words(
        "Permission to assign roles in it: Owner, User Access Administrator or Role Based Access Control Administrator. \
         Contributor alone is not enough.",
        "在该订阅中分配角色的权限：所有者（`Owner`）、\
         用户访问管理员（`User Access Administrator`）或基于角色的访问控制管理员（`Role Based Access Control Administrator`）。\
         仅有参与者（`Contributor`）不够。",
    ),
    ENGINE_INSTALLED,
];

pub(super) const CREATES: &[Words] = &[
    words("a resource group that holds everything else", "一个资源组，包含下面的全部资源"),
    words(
        "a virtual network with one private subnet and a network security group",
        "一个虚拟网络，带一个专用子网和一个网络安全组",
    ),
    words("a static public IP and a network interface", "一个静态公网 IP 和一个网络接口"),
    words(
        "a Key Vault with the secrets, open to the machine's subnet only",
        "一个密钥保管库（Key Vault），存放机密，只对服务器所在的子网开放",
    ),
    words(
        "an Ubuntu 24.04 machine with a managed identity",
        "一台 Ubuntu 24.04 服务器，带托管标识",
    ),
    words(
        "a role assignment that lets that identity read the secrets",
        "一个角色分配，允许该标识读取这些机密",
    ),
];

pub(super) const PAUSE: Words = words(
    "Deallocate the machine: `az vm deallocate --ids \"$(terraform output -raw vm_id)\"`. It then costs nothing; the \
     disk and the IP address still cost about 6 dollars a month, and everything on the disk stays. Start it again \
     with `az vm start --ids \"$(terraform output -raw vm_id)\"`: it keeps its address, and the agent starts too. \
     Shutting it down from inside does not stop the bill. Start it before you plan or apply.",
    "解除分配（deallocate）服务器：\
     `az vm deallocate --ids \"$(terraform output -raw vm_id)\"`。\
     之后服务器本身不再计费；磁盘和公网 IP 仍然计费，每月约 6 美元，磁盘内容全部保留。\
     用 `az vm start --ids \"$(terraform output -raw vm_id)\"` 重新启动，地址不变，\
     智能体会自动运行。只在系统内关机不会停止计费。生成计划或执行之前请先启动服务器。",
);

pub(super) const REMOVE_WITHOUT_STATE: Words = words(
    "Everything is in one resource group, named in the list. Delete the group: `az group delete --name GROUP`.",
    "所有资源都在同一个资源组中，名称见上面的列表；整组删除即可：`az group delete --name GROUP`。",
);

pub(super) const AFTER_DESTROY: Words = words(
    "Azure keeps the deleted vault, and its name, for seven days (soft delete with purge protection). If you apply \
     the same bundle again within that time, the old vault comes back with its secrets; to start fresh, give the \
     deployment a new `id`.",
    "Azure 会把已删除的保管库及其名称保留七天（软删除和清除保护）。在此期间再次部署同一个部署包，会恢复原来的保管库和其中的机密；如需全新开始，请给部署换一个新的 `id`。",
);
