#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Compiling is half of a start. What was compiled is kept beside the packages: who may write there can change the
// programs anyway, which is not so in a shared temporary folder. Where nobody may write, nothing is kept.
enableCompileCache(`${import.meta.dirname}/../../node_modules/.cache/compiled`);
const { runOperator } = await import('../operator/run-operator.ts');
await runOperator(process.argv.slice(2));
