import { LOCAL_FAULTS, REASONS, REFUSALS } from '../../agent/core/codes.ts'

const table = (codes: Readonly<Record<string, string>>): string =>
  [
    '| code | means |',
    '|---|---|',
    ...Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`),
  ].join('\n')

/** Every stable code as a table; new ones may come, none is renamed. */
export const codesPage = (): string => `# Codes

Made by \`scripts/reference.ts\` from \`agent/core/codes.ts\`. New codes may be added, none is renamed.

## Reasons and problems

In records (\`reason\`), heartbeats (\`problems\`) and events (\`code\`).

${table(REASONS)}

## Refusals

Why a document or a command was not accepted: in \`reported.rejected\`, in replies and in events.

${table(REFUSALS)}

## Faults of this machine

Shown by the \`loa\` command, never sent upstream.

${table(LOCAL_FAULTS)}
`
