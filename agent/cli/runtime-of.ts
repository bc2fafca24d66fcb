/** A path that is the same text with and without YAML around it. */
const PATH = String.raw`(["']?)(/[\w./+-]+)\1`
const COMMENT = String.raw`[ \t]*(?:#.*)?$`
const BLOCK = /^paths:[ \t]*(?:#.*)?\n((?:[ \t]+.*(?:\n|$)|[ \t]*(?:#.*)?\n)*)/m
const FLOW = new RegExp(String.raw`^paths:[ \t]*\{([^{}\n]*)\}${COMMENT}`, 'm')
const OF_BLOCK = new RegExp(String.raw`^[ \t]+runtime:[ \t]+${PATH}${COMMENT}`, 'm')
const OF_FLOW = new RegExp(String.raw`(?:^|,)[ \t]*runtime:[ \t]+${PATH}[ \t]*(?:,|$)`)

/**
 * `paths.runtime` of a configuration that says it once and plainly; undefined when only a reader of YAML can tell.
 * That reader, and the check of all the rest, take longer to load than an answer of the agent takes to come.
 */
export const runtimeOf = (text: string): string | undefined => {
  if (text.split('runtime').length !== 2 || text.match(/^paths\b/gm)?.length !== 1) return undefined
  const block = BLOCK.exec(text)?.[1]
  const found = block === undefined ? OF_FLOW.exec(FLOW.exec(text)?.[1] ?? '') : OF_BLOCK.exec(block)
  return found?.[2]
}
