/* What the virtual DAC lets out, by the monotonic clock, for the virtual microphone in the same process. */
#ifndef AIR_H
#define AIR_H
#include <stdint.h>
#define AIR_RING (1u << 19)
#define AIR_RUNS 8
/* A run of the DAC: frame i left at t0 + i/rate, up to limit; t0 is 0 before it starts. */
typedef struct { double t0, rate; uint64_t base, limit; } air_run_t;
extern int16_t air_ring[AIR_RING];
extern air_run_t air_runs[AIR_RUNS];
extern unsigned air_run;
extern int air_heard; /* somebody listens: without, nothing is kept */
static inline air_run_t *air_now(void){ return &air_runs[air_run % AIR_RUNS]; }
static inline void air_begin(void){ air_run_t *o=air_now(); uint64_t base=o->base+o->limit; air_run++; *air_now()=(air_run_t){ .base=base }; }
static inline void air_put(uint64_t i,int16_t s){ if(air_heard) air_ring[(air_now()->base+i) % AIR_RING]=s; }
static inline int16_t air_at(double t){
  for(unsigned k=0;k<AIR_RUNS;k++){ air_run_t *r=&air_runs[(air_run+AIR_RUNS-k) % AIR_RUNS];
    if(r->t0==0 || t<r->t0) continue;
    uint64_t i=(uint64_t)((t-r->t0)*r->rate);
    return i<r->limit ? air_ring[(r->base+i) % AIR_RING] : 0; }
  return 0; }
#endif
