import { test } from 'node:test'
import { tellEveryLayout } from '../every-layout.ts'

test('a statement of every layout, in every encoding and as a workbook, says the same of the same 500 payments', () =>
  tellEveryLayout(500))
