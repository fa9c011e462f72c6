import { ParseError } from '../core/base/errors.js';
import { grafBrpNas } from './graf-brp-nas.js';
import { grafEncodings } from './graf-encodings.js';
import { grafHardware } from './graf-hardware.js';
import { grafNb201 } from './graf-nb201.js';
import { grafNb201Datasets } from './graf-nb201-datasets.js';
import { grafRobustness } from './graf-robustness.js';
import { grafTaGates } from './graf-ta-gates.js';
import { grafTimes } from './graf-times.js';
import { grafTnbMacro } from './graf-tnb-macro.js';
import { grafTnbMicro } from './graf-tnb-micro.js';
import { grafTutorial } from './graf-tutorial.js';
import { importanceRanks } from './importance-ranks.js';
import { linearRedundancy } from './linear-redundancy.js';
import { naslibNb101 } from './naslib-nb101.js';
import type { PaperTable } from './paper-table.js';
import { proxyAccuracy } from './proxy-accuracy.js';
import { proxyBias } from './proxy-bias.js';
import { zcCombineRerun } from './zc-combine-rerun.js';

/** Every table that can be reproduced, cheap ones first; a new one is one file and one line here. */
export const paperTables: readonly PaperTable[] = [
  proxyAccuracy,
  linearRedundancy,
  grafTimes,
  naslibNb101,
  proxyBias,
  grafTutorial,
  grafTnbMicro,
  grafTnbMacro,
  grafEncodings,
  zcCombineRerun,
  grafNb201,
  grafNb201Datasets,
  grafHardware,
  grafRobustness,
  grafTaGates,
  grafBrpNas,
  importanceRanks({ testRows: 500 }),
  importanceRanks({ testRows: null }),
];

/** Tables by id; all but the costly ones where none is named. @throws ParseError naming those there are. */
export function tablesNamed(ids: readonly string[]): PaperTable[] {
  for (const id of ids) {
    if (paperTables.some((table) => table.id === id)) continue;
    const known = paperTables.map((table) => table.id).join(', ');
    throw new ParseError({ what: 'table', text: id, at: 0, expected: `one of ${known}` });
  }
  return paperTables.filter((table) => (ids.length === 0 ? !table.costly : ids.includes(table.id)));
}
