import * as v from 'valibot'

export type Fault = { readonly path: readonly (string | number)[]; readonly message: string }

/** Looks at a board that is right entry by entry, for what no entry shows by itself. */
export const fits = <T>(faultsIn: (board: T) => readonly Fault[]) =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    for (const { path, message } of faultsIn(dataset.value))
      addIssue({
        message,
        path: path.map((key) => ({
          type: 'unknown',
          origin: 'value',
          input: dataset.value,
          key,
          value: undefined,
        })) as [v.IssuePathItem, ...v.IssuePathItem[]],
      })
  })
