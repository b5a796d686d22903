// @ts-nocheck
import { fork } from "node:child_process";
import { once } from "node:events";
import { Client } from "pg";
import { mkdir } from "node:fs/promises";
import { startPostgres } from "./harness/bench-postgres.ts";
import { openDashboard, openShop } from "./suites/dashboard-http-parts.ts";
await mkdir("/tmp/pg1m",{recursive:true});
const pg = await startPostgres("/tmp/pg1m");
const url = await pg.createDatabase();
const t0=Date.now();
const child = fork(new URL("./suites/fill-shop.entry.ts", import.meta.url), ["/tmp/pg1m/x", url, process.argv[2] ?? "1000000"]);
await once(child,"exit");
console.log("filled", (Date.now()-t0)/1000, url);
const rest=Number(process.argv[3]??"130");
const c = new Client({connectionString:url}); await c.connect();
const store = openShop("", url);
const place = await openDashboard(store);
const from=Date.now();
const {readFileSync}=await import("node:fs");
const steal=()=>{const f=readFileSync("/proc/stat","utf8").split("\n")[0].split(/\s+/).slice(1).map(Number);return {busy:f[0]+f[1]+f[2]+f[5]+f[6],idle:f[3],iow:f[4],st:f[7]}};
for(;;){
  const s0=steal();
  await new Promise(r=>setTimeout(r,2000));
  const q=performance.now();
  const a=await place.handler(new Request("http://b.local"+place.questions.overview)); await a.text();
  const ms=performance.now()-q;
  const s1=steal();
  const act=(await c.query("select query, state, wait_event, backend_type from pg_stat_activity where backend_type<>'client backend' and (query like 'autovac%' or backend_type='checkpointer' and wait_event not like 'Checkpointer%')")).rows.map(r=>(r.query||r.backend_type)+":"+r.wait_event).join(" | ");
  console.log(((Date.now()-from)/1000).toFixed(0), ms.toFixed(0), "busy",s1.busy-s0.busy,"iow",s1.iow-s0.iow,"steal",s1.st-s0.st, act);
  if(Date.now()-from>Number(process.argv[4]??"420")*1000) break;
}
console.log("holding"); 
await new Promise(()=>setInterval(()=>{},1e6));
