import { LoaError } from '../../../agent/core/error.ts'
import { openKeyFolder, rootKeysYaml } from '../key-folder.ts'
import type { Verb } from '../verb.ts'

export const keys: Verb = {
  name: 'keys',
  summary: 'make root and publisher keys and the trust document',
  help: `  province keys --dir D [--area 75] [--commune 75/26068]...
                [--roots N] [--threshold N] [--days N]

Writes private keys as D/<kid>.jwk (0600), the trust document as D/trust.json
and, signed by all roots, as D/trust.jws.json; prints what agent.yaml needs.
What is in D already is kept: run it again to add a commune.
  --area A        vn or a province of two digits (default 75)
  --commune A     gets a key of its own for schedules up to class priority
  --roots N       root keys, 1 to 9 (default 1)
  --threshold N   root signatures a trust document needs (default: all roots)
  --days N        validity of the publisher keys (default 365)`,
  options: {
    dir: { type: 'string' },
    area: { type: 'string' },
    commune: { type: 'string', multiple: true },
    roots: { type: 'string' },
    threshold: { type: 'string' },
    days: { type: 'string' },
  },
  run: async (args, io) => {
    const area = args.text('area') ?? '75'
    if (!/^(vn|\d{2})$/.test(area)) throw new LoaError('USAGE', '--area must be vn or two digits')
    const communes = args.list('commune')
    for (const each of communes) {
      const below = area === 'vn' || each.startsWith(`${area}/`)
      if (!/^\d{2}\/\d{5}$/.test(each) || !below) {
        throw new LoaError('USAGE', `--commune must be an area below ${area}, like 75/26068, not ${each}`)
      }
    }
    const roots = args.number('roots', { min: 1, max: 9 }) ?? 1
    const threshold = args.number('threshold', { min: 1, max: roots }) ?? roots
    const days = args.number('days', { min: 1, max: 3650 })
    const folder = await openKeyFolder({
      directory: args.required('dir'),
      area,
      communes,
      roots,
      now: new Date(),
      ...(days === undefined ? {} : { days }),
    })
    const rootKeys = folder.roots.map(({ kid, x }) => ({ kid, x }))
    if (io.json) {
      io.out(JSON.stringify({ security: { rootKeys, threshold }, trust: folder.trust, files: folder.files }))
    } else {
      io.out(rootKeysYaml(folder.roots, threshold).trimEnd())
      for (const file of folder.files) io.note(`wrote or kept ${file}`)
      io.note('next: put the lines above into agent.yaml, then `province publish --url … D/trust.jws.json`')
    }
    return 0
  },
}
