import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { FreshMachine } from './fresh-machine.ts'
import type { Province } from './province.ts'

const PROVISION = join(import.meta.dirname, '../../provision')
const CODE = /[2-9A-HJKMNP-Z]{5}(?:-[2-9A-HJKMNP-Z]{5}){3}/
const UP_SECONDS = 120

/** Says `connected` when the agent is, within two minutes; what it says instead otherwise. */
export const connected = (machine: FreshMachine): string =>
  machine.look(
    `for i in $(seq ${UP_SECONDS}); do
       case $(loa status --json 2>/dev/null | tr -d ' \\n') in *'"broker":{'*'"connected":true'*) echo connected; exit;; esac
       sleep 1
     done; loa status; journalctl --no-pager -u loa-agent-setup -u loa-agent-enrol -u loa-agent | tail -30`,
    UP_SECONDS + 30,
  )

/** Files in which a one-time code is still to be read: on the boot partition, in the configuration, the state, the journal. */
export const leftOfCode = (machine: FreshMachine): string =>
  machine.look(
    `{ grep -rlE '${CODE.source.replaceAll('?:', '')}' /boot /etc/loa /var/lib/loa* /run/loa /var/log 2>/dev/null
       journalctl --no-pager | grep -oE '${CODE.source.replaceAll('?:', '')}'; ls /etc/loa/enrolment.json 2>/dev/null; } | tr '\\n' ' '`,
  )

const digest = (machine: FreshMachine): string =>
  machine.look(
    "find /boot/firmware /etc/loa -type f -exec stat -c '%n %U:%G %a %Y' {} + -exec sha256sum {} + | sort",
  )

/** A card as `scripts/provision` prepares it for a receiver of this province; it makes up the id. */
const prepared = (folder: string, province: Province): string => {
  const [brokers, content, x] = province.facts.map(([, mine]) => mine)
  const at = (name: string): string => join(folder, name)
  writeFileSync(at('list.csv'), 'province,commune,label,board\n75,26068,Nhà văn hóa ấp 1,virtual\n')
  copyFileSync(province.ca, at('ca.pem'))
  const common = {
    brokers: [brokers],
    ca: 'ca.pem',
    enrol: { urls: [province.enrolUrl] },
    content: { allow: [content] },
    rootKeys: [{ kid: 'root-a', x }],
  }
  writeFileSync(at('common.yaml'), stringify(common))
  const words = ['--csv', at('list.csv'), '--common', at('common.yaml'), '--out', at('monday')]
  execFileSync(PROVISION, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  return /\bd-[2-9a-z]{8}\b/.exec(readFileSync(at('monday/summary.csv'), 'utf8'))?.[0] ?? ''
}

/**
 * The way without a word typed at the receiver: what `scripts/provision` made is laid on the boot partition of a card with
 * the package and nothing else of ours, and the power is switched on.
 */
export const tryCard = async (
  machine: FreshMachine,
  province: Province,
  deb: string,
  says: (what: string, found: string, wanted: string) => void,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-cards-'))
  try {
    const id = prepared(folder, province)
    province.takeCodes(join(folder, 'monday/enrol'))
    await province.expect(id)
    machine.look(`dpkg --purge loa-agent && dpkg -i /home/user/${deb}`, 300)
    machine.card((root) => {
      mkdirSync(join(root, 'boot/firmware'), { recursive: true })
      cpSync(join(folder, 'monday/cards', id), join(root, 'boot/firmware'), { recursive: true })
    })
    says('where the code is before', leftOfCode(machine), '/boot/firmware/loa.yaml')
    machine.shutDown()
    machine.boot()
    says('the agent of the card', connected(machine), 'connected')
    says('its id', machine.look('sed -n \'s/^ *id: *"\\(.*\\)".*/\\1/p\' /etc/loa/agent.yaml | head -1'), id)
    says(
      'on the boot partition',
      machine.look("ls /boot/firmware | tr '\\n' ' '"),
      `board.txt ${id}.csr loa.done.yaml`,
    )
    says('what is left of the code', leftOfCode(machine), '')
    const before = digest(machine)
    machine.shutDown()
    machine.boot()
    says('at its second power-on', connected(machine), 'connected')
    says('what that changed', digest(machine) === before ? 'nothing' : digest(machine), 'nothing')
    const failed = "systemctl --failed --no-legend --plain | grep loa | tr '\\n' ' ' || true"
    says('units that failed', machine.look(failed), '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
