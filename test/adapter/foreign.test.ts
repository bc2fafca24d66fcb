import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const FOREIGN = join(import.meta.dirname, '../../scripts/imaging/foreign')
const run = (code: string) => spawnSync(FOREIGN, ['sh', '-euc', code], { encoding: 'utf8', timeout: 50_000 })
const NONE_HERE = 69

const AIDS = join(import.meta.dirname, '../../scripts/imaging/aids')
/** A root with a program of another machine, to which ours are lent; what is found in it while they are, and after. */
const LENDING = `. ${AIDS}
root=$(mktemp -d)
trap 'take_back "$root" && rm -r "$root"' EXIT
mkdir -p "$root/usr/bin"
for program in cat head; do echo theirs >"$root/usr/bin/$program"; done
echo read >"$root/read"
lend "$root" head
chroot "$root" /usr/bin/cat /read /usr/bin/head
for ours in lib/x86_64-linux-gnu bin/cat; do [ ! -w "$root/usr/$ours" ] || echo "writable: $ours"; done
take_back "$root"
cat "$root/usr/bin/cat"
grep -c "$root" /proc/self/mountinfo || true
ls "$root"
`

test('what runs where programs for arm64 run has devices, and changes none of this machine', (context) => {
  const probe = `/dev/loa-probe-${process.pid}`
  try {
    const { status, stdout, stderr } = run(
      `echo x >/dev/null; head -c 4 /dev/urandom | wc -c; : >${probe}; test -e ${probe}; readlink /dev/stdout`,
    )
    if (process.getuid?.() !== 0 || status === NONE_HERE) {
      context.skip(`foreign programs do not run here: ${stderr}`)
      return
    }
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '4\nfd/1\n', stderr: '' })
    expect(existsSync(probe)).toBe(false)
  } finally {
    rmSync(probe, { force: true })
  }
})

test('programs that are lent to another system work there, cannot be lost there, and are taken back', (context) => {
  const { status, stdout, stderr } = run(LENDING)
  if (process.getuid?.() !== 0 || process.arch !== 'x64' || status === NONE_HERE) {
    context.skip(`nothing is lent here: ${stderr}`)
    return
  }
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'read\ntheirs\ntheirs\n0\nread\nusr\n' })
})
