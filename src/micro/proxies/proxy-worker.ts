import { answerRequests } from '../asked-thread.js';
import type { ProxyValues } from './proxies.js';
import { type ProxyUnit, unitProxies } from './proxy-unit.js';

answerRequests<ProxyUnit, ProxyValues>((unit) => unitProxies(unit));
