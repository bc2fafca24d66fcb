import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PiperConfig } from '../../agent/core/configuration.ts'

/**
 * Takes piper's command line: `--version`, `--model FILE`, and `--output_raw`; wants the description beside the model;
 * reads lines from standard input. It hums a tone a character, higher or lower by the voice that the "model" names, and
 * starts nothing: like piper it speaks in a jail.
 */
const STAND_IN = `#!/usr/bin/perl
use strict;
my ($model, $raw) = ('', 0);
while (@ARGV) {
  my $word = shift;
  if ($word eq '--version') { print "1.2.0\\n"; exit 0 }
  elsif ($word eq '--model') { $model = shift }
  elsif ($word eq '--output_raw') { $raw = 1 }
  else { print STDERR "unknown argument $word\\n"; exit 2 }
}
open(my $description, '<', "$model.json") or do { print STDERR "no description of $model\\n"; exit 1 };
open(my $file, '<', $model) or exit 1;
chomp(my $voice = <$file>);
if ($voice eq 'broken') { print STDERR "the model is damaged\\n"; exit 1 }
sleep 60 if $voice eq 'slow';
exit 0 if $voice eq 'mute' || !$raw;
my $base = 150 + unpack('%8C*', $voice);
my $phase = 0;
binmode STDOUT;
while (my $character = getc STDIN) {
  my $step = ($base + 3 * ord $character) * 6.283185 / 22050;
  print pack 's<*', map { $phase += $step; 8000 * sin $phase } 1 .. 1000;
}
`

/** A stand-in for piper with the voices asked for: the real one and its models of tens of megabytes are not at hand in tests. */
export class PiperStandIn implements Disposable {
  readonly config: PiperConfig
  readonly #folder = mkdtempSync(join(tmpdir(), 'loa-piper-'))

  /** @param voices by language the name of the voice that hums, or `broken`, `slow` or `mute` */
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
