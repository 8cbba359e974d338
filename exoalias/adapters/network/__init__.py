"""HTTP and what it rests on: trust, proxies, time-outs, and failures in words."""
