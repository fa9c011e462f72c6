import { answerRequests } from './asked-thread.js';
import type { LabelLine } from './label-line.js';
import type { LabelUnit } from './label-plan.js';
import { labelUnit } from './label-unit.js';

answerRequests<LabelUnit, LabelLine>((unit) => labelUnit(unit));
