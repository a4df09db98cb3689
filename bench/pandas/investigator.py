"""python investigator.py FILE.csv: reads it with pandas; prints seconds and peak MB as JSON."""
import json
import resource
import sys
import time

import pandas

start = time.perf_counter()
frame = pandas.read_csv(sys.argv[1])
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peakMb": peak, "rows": len(frame), "version": pandas.__version__}))
