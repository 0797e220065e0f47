"""`make bench [ONLY=requests,classes]`: print the ratios of one run. Nothing is asserted about time."""

import asyncio
import os

from benchmarks import classes, freshness, imports, requests
from benchmarks.stage import CUSTOMERS, stage

MEASUREMENTS = {
    "requests": (requests.record_interaction, requests.read_customer, requests.record_batch),
    "freshness": (freshness.at_a_steady_rate, freshness.after_a_backlog),
    "classes": (classes.at_a_steady_rate,),
    "imports": (imports.import_customers,),
}


async def main() -> None:
    wanted = os.environ.get("ONLY", ",".join(MEASUREMENTS)).split(",")
    async with stage() as running:
        print(f"{CUSTOMERS:,} customers, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
        for name in wanted:
            for measure in MEASUREMENTS[name]:
                print(await measure(running), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
