/** @throws where a register answered no 2xx, or nothing that is an object or a list, with a sentence that says so */
export async function readJson(response: Response): Promise<object> {
  if (!response.ok) throw new Error(`It answered ${response.status}.`)
  const text = await response.text()
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {}
  throw new Error('It answered something that is no JSON.')
}
