import { CHECK_GROUPS } from '../../agent/core/doctor/check.ts'
import { CHECKS } from '../../agent/core/doctor/diagnose.ts'

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ')

const rowsOf = (group: string): readonly string[] =>
  CHECKS.filter((check) => check.group === group).map(
    ({ name, about, codes = [], explainedBy = [] }) =>
      `| ${group} | \`${name}\` | ${about} | ${listed(codes)} | ${listed(explainedBy)} |`,
  )

/** Every check of `loa doctor` as a table. */
export const doctorPage = (): string => `# Checks of loa doctor

Made by \`scripts/reference.ts\` from \`agent/core/doctor\`. ${CHECKS.length} checks in ${CHECK_GROUPS.length} groups; a check whose subject a
device does not have, or that cannot be looked at, says nothing. \`loa doctor --only GROUP[,GROUP]\` shows some groups.
What the FAIL of a check in the last column explains is not told again. \`check\` and \`group\` in \`--json\` are these names.

| group | check | what it looks at | codes | explained by |
|---|---|---|---|---|
${CHECK_GROUPS.flatMap(rowsOf).join('\n')}
`
