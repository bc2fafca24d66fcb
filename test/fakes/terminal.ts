/** What a terminal shows after these bytes, line by line, without what is right of the last character. Knows what `loa` writes. */
export const shownBy = (bytes: string): readonly string[] => {
  const grid: string[][] = []
  let [row, column] = [0, 0]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is told
  for (const [piece, parameters = '', what = ''] of bytes.matchAll(/\u001b\[([?0-9;]*)([A-Za-z])|[\s\S]/gu)) {
    if (what === 'H') [row = 0, column = 0] = (parameters || '1;1').split(';').map((at) => Number(at) - 1)
    else if (what === 'J') grid.length = 0
    else if (what === 'K') grid[row] = (grid[row] ?? []).slice(0, column)
    else if (what === '') {
      grid[row] ??= []
      const line = grid[row] ?? []
      line[column] = piece
      column += 1
    }
  }
  return Array.from(grid, (line = []) =>
    Array.from(line, (character = ' ') => character)
      .join('')
      .trimEnd(),
  )
}
