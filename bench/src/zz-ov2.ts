// @ts-nocheck
import { openDashboard, openShop } from "./suites/dashboard-http-parts.ts";
const store = openShop("", process.argv[2]!);
const place = await openDashboard(store);
const name=process.argv[3]??"overview"; const n=Number(process.argv[4]??20);
const times:number[]=[];
for(let i=0;i<n;i++){
  await new Promise(r=>setTimeout(r,1050));
  const q=performance.now();
  const a=await place.handler(new Request("http://b.local"+place.questions[name])); await a.text();
  times.push(performance.now()-q);
}
console.log(times.map(t=>t.toFixed(0)).join(" "));
await store.close();
