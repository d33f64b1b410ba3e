#!/usr/bin/env bash
# world.sh FOLDER USERLAND: makes what the outside services serve; USERLAND is what userland.sh made.
set -Eeuo pipefail
out=$1.new userland=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/world
rm -rf "$out"
mkdir -p "$out"/{files/releases,files/npm,git}

# The stand-in for the binary, one per version; what a version is good for is in its name.
release() {
    local version=$1 behaviour=$2 folder=$out/files/releases/v$1
    mkdir -p "$folder"
    sed -e "s/@VERSION@/$version/" -e "s/@BEHAVIOUR@/$behaviour/" "$here/runtime.py" >"$folder/codewhale-linux-x64"
    cp "$folder/codewhale-linux-x64" "$folder/codewhale-linux-arm64"
    (cd "$folder" && sha256sum codewhale-linux-* >codewhale-artifacts-sha256.txt)
}
release 0.9.9 fine
release 0.9.12 fine
release 0.9.66 crashes
release 0.9.67 open

# The packages that the lock file names, and of each the description that a registry gives.
npm_packages() {
    local bridge=$1 folder package name version file
    (cd "$bridge" && npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
    node - "$bridge/package-lock.json" "$out/files/npm" >"$out/npm-packages" <<'JS'
const fs = require("fs");
const [lock, folder] = process.argv.slice(2);
const described = {};
for (const [path, entry] of Object.entries(JSON.parse(fs.readFileSync(lock)).packages)) {
  if (!path) continue;
  const name = path.replace(/^.*node_modules\//, "");
  const { version, dependencies, integrity } = entry;
  const tarball = `https://mirror.example/npm/${name}/-/${name.replace(/^.*\//, "")}-${version}.tgz`;
  const package = (described[name] ??= { name, "dist-tags": { latest: version }, versions: {} });
  package.versions[version] = { name, version, dependencies, dist: { tarball, integrity } };
}
for (const [name, package] of Object.entries(described)) {
  fs.mkdirSync(`${folder}/${name}/-`, { recursive: true });
  fs.writeFileSync(`${folder}/${name}/index.json`, JSON.stringify(package));
  for (const version of Object.keys(package.versions)) console.log(`${name}@${version}`);
}
JS
    folder=$(mktemp -d)
    xargs npm pack --loglevel=error --pack-destination "$folder" <"$out/npm-packages" >/dev/null
    while read -r package; do
        name=${package%@*} version=${package##*@}
        file=${name//\//-}
        mv "$folder/${file#@}-$version.tgz" "$out/files/npm/$name/-/${name##*/}-$version.tgz"
    done <"$out/npm-packages"
    rm -r "$folder" "$out/npm-packages"
}

# The repository, with something beside the bridges so that a sparse checkout has something to leave out.
repository() {
    local source tag
    source=$(mktemp -d)
    cp -a "$here/integrations" "$source/"
    npm_packages "$source/integrations/feishu-bridge"
    mkdir "$source/crates"
    head -c 300000 /dev/urandom | base64 >"$source/crates/large"
    local identity=(-c user.name=tester -c user.email=tester@example -c init.defaultBranch=main -c commit.gpgSign=false -c tag.gpgSign=false)
    git "${identity[@]}" -C "$source" init --quiet
    git "${identity[@]}" -C "$source" add .
    git "${identity[@]}" -C "$source" commit --quiet -m source
    for tag in "$out"/files/releases/v*; do git "${identity[@]}" -C "$source" tag "${tag##*/}"; done
    git clone --quiet --bare "$source" "$out/git/codewhale.git"
    git -C "$out/git/codewhale.git" config uploadpack.allowFilter true
    rm -rf "$source"
}

# image VERSION: the published image as a registry has it: one layer, a configuration, a manifest; and what somebody
# else put under the same tag later.
image() {
    local version=$1 root layer registry=$out/files/v2/codewhale
    mkdir -p "$registry/blobs" "$registry/manifests"
    root=$(mktemp -d)
    cp -a "$userland/image/." "$root/"
    install -m 0755 "$out/files/releases/v$version/codewhale-linux-x64" "$root/usr/local/bin/codewhale"
    printf 'deb [trusted=yes] https://mirror.example/image-debs ./\n' >"$root/etc/apt/sources.list"
    printf 'Acquire::https::Verify-Peer "false";\nAPT::Update::Pre-Invoke { "bash /usr/local/bin/look-around"; };\n' \
        >"$root/etc/apt/apt.conf.d/99mirror"
    install -m 0755 "$here/look-around.sh" "$root/usr/local/bin/look-around"
    tar -C "$root" --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -cf "$out/layer" .
    rm -rf "$root"
    layer=$(sha256sum <"$out/layer" | cut -d' ' -f1)
    gzip -1 "$out/layer"
    manifest "$registry" "$layer" released >"$registry/manifests/$version"
    manifest "$registry" "$layer" moved >"$registry/manifests/$version.moved"
    mv "$out/layer.gz" "$registry/blobs/sha256:$(sha256sum <"$out/layer.gz" | cut -d' ' -f1)"
}

# manifest REGISTRY LAYER LABEL: what points at the layer, by way of a configuration with this label.
manifest() {
    local registry=$1 layer=$2 label=$3 config
    printf '{"architecture":"%s","os":"linux","config":{"Env":["PATH=/usr/local/bin:/usr/bin:/bin"],"Labels":{"what":"%s"},"User":"1000:1000","Entrypoint":["codewhale"],"WorkingDir":"/home/codewhale"},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$(dpkg --print-architecture)" "$label" "$layer" >"$out/config"
    layer=$(sha256sum <"$out/layer.gz" | cut -d' ' -f1) config=$(sha256sum <"$out/config" | cut -d' ' -f1)
    printf '{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%s,"digest":"sha256:%s"},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":%s,"digest":"sha256:%s"}]}' \
        "$(stat -c %s "$out/config")" "$config" "$(stat -c %s "$out/layer.gz")" "$layer"
    mv "$out/config" "$registry/blobs/sha256:$config"
}

cp -al "$userland/debs" "$userland/image-debs" "$out/files/"
repository
image 0.9.9

rm -rf "$1"
mv "$out" "$1"
