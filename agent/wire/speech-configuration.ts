import * as v from 'valibot'
import { about, absolutePath, shortList } from './config-scalars.ts'
import { language } from './scalars.ts'
import { strictFields } from './shape.ts'

const voice = strictFields({
  language: about(language, 'Language (BCP 47) of the texts it speaks, and of all that begin with it.'),
  model: about(
    absolutePath,
    'Its `.onnx` file; its description lies beside it, with `.json` after the name.',
  ),
})
const isDistinct = (tags: readonly string[]): boolean =>
  new Set(tags.map((tag) => tag.toLowerCase())).size === tags.length

const piper = strictFields({
  binary: about(absolutePath, 'The program.'),
  voices: about(
    v.pipe(
      shortList(voice, 16, 1),
      v.check(
        (voices) => isDistinct(voices.map((entry) => entry.language)),
        'the same language stands twice',
      ),
    ),
    'Its voices, one a language.',
  ),
})

export const speech = strictFields({
  piper: about(
    v.exactOptional(piper),
    'Piper, a neural synthesiser that is installed by hand. Without it, and for what it cannot speak, espeak-ng speaks.',
  ),
})
