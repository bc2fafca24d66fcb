import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PiperConfig } from '../../agent/core/configuration.ts'

/**
 * Takes piper's command line: `--version`, `--model FILE`, and `--output_raw` or `--output_file -`; wants the description
 * beside the model; reads lines from standard input. What it says is espeak-ng's, in the voice that the "model" names.
 */
const STAND_IN = `#!/bin/sh
model= out=
while [ $# -gt 0 ]; do
  case $1 in
    --version) echo 1.2.0; exit 0 ;;
    --model) model=$2; shift 2 ;;
    --output_raw) out=raw; shift ;;
    --output_file) out=wav; shift 2 ;;
    *) echo "unknown argument $1" >&2; exit 2 ;;
  esac
done
[ -f "$model.json" ] || { echo "no description of $model" >&2; exit 1; }
read -r voice < "$model" || exit 1
[ "$voice" != broken ] || { echo "the model is damaged" >&2; exit 1; }
[ "$voice" != slow ] || exec sleep 60
[ "$voice" != mute ] || exit 0
if [ "$out" = raw ]; then espeak-ng -b 1 -v "$voice" --stdin --stdout | tail -c +45
else espeak-ng -b 1 -v "$voice" --stdin --stdout; fi
`

/** A stand-in for piper with the voices asked for: the real one and its models of tens of megabytes are not at hand in tests. */
export class PiperStandIn implements Disposable {
  readonly config: PiperConfig
  readonly #folder = mkdtempSync(join(tmpdir(), 'loa-piper-'))

  /** @param voices by language the voice of espeak-ng that is heard, or `broken`, `slow` or `mute` */
  constructor(voices: Readonly<Record<string, string>>) {
    const binary = join(this.#folder, 'piper')
    writeFileSync(binary, STAND_IN)
    chmodSync(binary, 0o755)
    this.config = {
      binary,
      voices: Object.entries(voices).map(([language, voice]) => ({
        language,
        model: this.#model(language, voice),
      })),
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #model(language: string, voice: string): string {
    const model = join(this.#folder, `${language}.onnx`)
    writeFileSync(model, `${voice}\n`)
    writeFileSync(`${model}.json`, JSON.stringify({ audio: { sample_rate: 22_050 } }))
    return model
  }
}
