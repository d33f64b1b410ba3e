//! What the runbook and the summary say about Azure.

use crate::clouds::ENGINE_INSTALLED;
use crate::tables::{Words, words};

pub(super) const OTHER_COST_NOTE: Words = words(
    "static public IP about 3.7, 32 GiB standard SSD about 2.4, Key Vault cents",
    "静态公网 IP 约 3.7，32 GiB 标准 SSD 约 2.4，密钥保管库不到 1",
);

pub(super) const PREREQUISITES: &[Words] = &[
    words(
        "An Azure subscription, and the Azure CLI (`brew install azure-cli`, or as <https://aka.ms/azure-cli> says) logged in \
         to it: `az login`, then `az account show` says which subscription Terraform will use unless `ARM_SUBSCRIPTION_ID` names \
         another.",
        "一个 Azure 订阅，并已用 Azure CLI 登录（安装：`brew install azure-cli`，或参见 <https://aka.ms/azure-cli>）：先运行 `az login`，再用 `az account show` 查看 Terraform 将使用哪个订阅，\
         除非用 `ARM_SUBSCRIPTION_ID` 另行指定。",
    ),
    words(
        "The right to assign roles in it: Owner, User Access Administrator or Role Based Access Control Administrator. \
         Contributor alone is not enough.",
        "在该订阅中分配角色的权限：所有者（`Owner`）、用户访问管理员（`User Access Administrator`）或基于角色的访问控制管理员\
         （`Role Based Access Control Administrator`）。只有参与者（`Contributor`）是不够的。",
    ),
    ENGINE_INSTALLED,
];

pub(super) const CREATES: &[Words] = &[
    words("a resource group that holds all of it", "一个资源组，包含其余全部资源"),
    words(
        "a virtual network with one private subnet and a network security group",
        "一个虚拟网络，带一个专用子网和一个网络安全组",
    ),
    words("a static public IP and a network interface", "一个静态公网 IP 和一个网络接口"),
    words(
        "a Key Vault, closed to every network but the machine's subnet, with the secrets in it",
        "一个密钥保管库（Key Vault），存放机密，只对服务器所在的子网开放",
    ),
    words(
        "an Ubuntu 24.04 machine whose managed identity may read those secrets",
        "一台 Ubuntu 24.04 服务器，它的托管标识可以读取这些机密",
    ),
    words(
        "a role assignment that lets the machine read its secrets",
        "一个角色分配，让服务器可以读取它的机密",
    ),
];

pub(super) const PAUSE: Words = words(
    "Deallocated, the machine costs nothing; its disk and its address go on, at about 6 dollars a month, and \
            everything on the disk stays: `az vm deallocate --ids \"$(terraform output -raw vm_id)\"`. It comes back under \
            the same address, with the agent running: `az vm start --ids \"$(terraform output -raw vm_id)\"`. Shutting \
            it down from inside does not stop the bill. Start it before you plan or apply.",
    "解除分配（deallocate）之后，服务器本身不再收费；磁盘和公网地址仍然收费，每月约 6 美元，磁盘上的内容都保留：\
         `az vm deallocate --ids \"$(terraform output -raw vm_id)\"`。再次启动后地址不变，智能体会自动运行：\
         `az vm start --ids \"$(terraform output -raw vm_id)\"`。只在系统里关机并不会停止计费。生成计划或执行之前请先启动它。",
);

pub(super) const REMOVE_WITHOUT_STATE: Words = words(
    "All of it is in one resource group, which the list names and which can go as a whole: \
                           `az group delete --name GROUP`.",
    "所有资源都在同一个资源组里，列表中会显示它的名称；可以整组删除：`az group delete --name GROUP`。",
);

pub(super) const AFTER_DESTROY: Words = words(
    "Azure keeps the deleted vault, and with it the name, for seven days (soft delete with purge \
                    protection). Applying the same bundle again within that time brings the old vault back, with its \
                    secrets; to start afresh, give the deployment a new `id`.",
    "Azure 会把删除的保管库连同它的名称保留七天（软删除加清除保护）。在此期间再次部署同一个部署包，会恢复原来的保管库和其中的机密；\
         要重新开始，请给部署换一个新的 `id`。",
);
