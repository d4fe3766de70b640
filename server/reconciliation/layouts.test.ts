import { test } from 'node:test'
import { tellEveryLayout } from '../../testing/every-layout.ts'

test('a statement of every layout, in every encoding and as a workbook, says the same of the same payments', () =>
  tellEveryLayout(80))
