/* vmic - a capture device that hears what the virtual DAC of this process plays, as a microphone in front of a horn would:
 * later, louder or softer, with other sound over it. It is an ALSA external I/O plugin whose write pointer follows CLOCK_MONOTONIC.
 * What it hears is told by the file $VMIC_CONTROL, read anew when it changes, words of the form key=value:
 *   delay=MS gain=G other=G file=PATH dc=LEVEL clip=LEVEL gone=1 frozen=1
 * file: signed 16 bit, one channel, 48 kHz, over and over; levels are parts of full scale; gone: as if pulled out; frozen: it gives nothing.
 * Config: pcm.NAME { type vmic rate 48000 channels 1 ppm 0 } */
#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "air.h"

typedef struct {
  snd_pcm_ioplug_t io;
  int fd, running; double t0, rate_eff; long ppm;
  struct timespec seen;
  double delay, gain, other, dc, clip; int gone, frozen; double stood;
  char file[512]; int16_t *noise; size_t frames;
} vmic_t;

static double now(void){ struct timespec t; clock_gettime(CLOCK_MONOTONIC,&t); return t.tv_sec+t.tv_nsec*1e-9; }

static void load(vmic_t *v,const char *path){
  if(!strcmp(path,v->file)) return;
  free(v->noise); v->noise=NULL; v->frames=0; snprintf(v->file,sizeof v->file,"%s",path);
  int fd=open(path,O_RDONLY|O_CLOEXEC); struct stat s;
  if(fd<0) return;
  if(!fstat(fd,&s) && s.st_size>1 && (v->noise=malloc(s.st_size))) { ssize_t n=read(fd,v->noise,s.st_size); v->frames=n>0?n/2:0; }
  close(fd); }

static void control(vmic_t *v){
  const char *path=getenv("VMIC_CONTROL"); struct stat s; char b[1024],*save=NULL;
  if(!path || stat(path,&s)<0 || (s.st_mtim.tv_sec==v->seen.tv_sec && s.st_mtim.tv_nsec==v->seen.tv_nsec)) return;
  FILE *f=fopen(path,"re"); if(!f) return;
  size_t n=fread(b,1,sizeof b-1,f); fclose(f); b[n]=0; v->seen=s.st_mtim;
  v->delay=0; v->gain=1; v->other=0; v->dc=0; v->clip=1; v->gone=0; int frozen=0;
  for(char *w=strtok_r(b," \n",&save); w; w=strtok_r(NULL," \n",&save)){ char *e=strchr(w,'='); if(!e) continue; *e++=0; double x=atof(e);
    if(!strcmp(w,"delay")) v->delay=x/1000; else if(!strcmp(w,"gain")) v->gain=x; else if(!strcmp(w,"other")) v->other=x;
    else if(!strcmp(w,"dc")) v->dc=x; else if(!strcmp(w,"clip")) v->clip=x; else if(!strcmp(w,"gone")) v->gone=x!=0;
    else if(!strcmp(w,"frozen")) frozen=x!=0; else if(!strcmp(w,"file")) load(v,e); }
  if(frozen && !v->frozen) v->stood=now();
  v->frozen=frozen; }

static int m_start(snd_pcm_ioplug_t *io){ vmic_t *v=io->private_data; v->t0=now(); v->running=1; return 0; }
static int m_stop(snd_pcm_ioplug_t *io){ vmic_t *v=io->private_data; v->running=0; return 0; }
static int m_prepare(snd_pcm_ioplug_t *io){ vmic_t *v=io->private_data; control(v); if(v->gone) return -ENODEV;
  v->rate_eff=io->rate*(1+v->ppm*1e-6); v->running=0; v->t0=now();
  struct itimerspec s={ .it_interval.tv_nsec=10000000, .it_value.tv_nsec=1 }; timerfd_settime(v->fd,0,&s,NULL); return 0; }
static snd_pcm_sframes_t m_pointer(snd_pcm_ioplug_t *io){ vmic_t *v=io->private_data; control(v);
  if(v->gone) return -ENODEV;
  if(!v->running) return 0;
  double at=((v->frozen?v->stood:now())-v->t0)*v->rate_eff; uint64_t p=at<0?0:(uint64_t)at;
  if(p>io->appl_ptr+io->buffer_size) return -EPIPE;
  return p%io->buffer_size; }
static snd_pcm_sframes_t m_transfer(snd_pcm_ioplug_t *io,const snd_pcm_channel_area_t *a,snd_pcm_uframes_t off,snd_pcm_uframes_t n){
  vmic_t *v=io->private_data;
  for(snd_pcm_uframes_t f=0; f<n; f++){ double t=v->t0+(io->appl_ptr+f)/v->rate_eff;
    double s=v->gain*air_at(t-v->delay)/32768+v->dc;
    if(v->frames) s+=v->other*v->noise[(uint64_t)(t*48000)%v->frames]/32768;
    if(s>v->clip) s=v->clip;
    if(s<-v->clip) s=-v->clip;
    if(s>0.99996) s=0.99996;
    if(s<-1) s=-1;
    for(unsigned c=0;c<io->channels;c++) *(int16_t*)((char*)a[c].addr+((a[c].first+(off+f)*a[c].step)>>3))=(int16_t)(s*32768); }
  return n; }
static int m_close(snd_pcm_ioplug_t *io){ vmic_t *v=io->private_data; close(v->fd); free(v->noise); free(v); return 0; }
static int m_revents(snd_pcm_ioplug_t *io,struct pollfd *p,unsigned n,unsigned short *re){ vmic_t *v=io->private_data; (void)p;(void)n;
  uint64_t x; ssize_t r=read(v->fd,&x,8); (void)r; *re=POLLIN; return 0; }
static const snd_pcm_ioplug_callback_t CB={ .start=m_start,.stop=m_stop,.pointer=m_pointer,.transfer=m_transfer,.prepare=m_prepare,
  .close=m_close,.poll_revents=m_revents };

SND_PCM_PLUGIN_DEFINE_FUNC(vmic){
  snd_config_iterator_t i,next; long ppm=0,rate=48000,channels=1; (void)root;
  snd_config_for_each(i,next,conf){ snd_config_t *n=snd_config_iterator_entry(i); const char *id; if(snd_config_get_id(n,&id)<0) continue;
    if(!strcmp(id,"ppm")) snd_config_get_integer(n,&ppm);
    if(!strcmp(id,"rate")) snd_config_get_integer(n,&rate);
    if(!strcmp(id,"channels")) snd_config_get_integer(n,&channels); }
  if(stream!=SND_PCM_STREAM_CAPTURE) return -EINVAL;
  vmic_t *v=calloc(1,sizeof *v); v->ppm=ppm; v->gain=1; v->clip=1; control(v);
  if(v->gone){ free(v->noise); free(v); return -ENODEV; }
  v->fd=timerfd_create(CLOCK_MONOTONIC,TFD_NONBLOCK|TFD_CLOEXEC);
  v->io.version=SND_PCM_IOPLUG_VERSION; v->io.name="virtual microphone"; v->io.callback=&CB; v->io.private_data=v;
  v->io.poll_fd=v->fd; v->io.poll_events=POLLIN; v->io.mmap_rw=0; v->io.flags=SND_PCM_IOPLUG_FLAG_MONOTONIC;
  int err=snd_pcm_ioplug_create(&v->io,name,stream,mode); if(err<0) return err;
  static const unsigned acc[]={SND_PCM_ACCESS_RW_INTERLEAVED,SND_PCM_ACCESS_MMAP_INTERLEAVED}, fmt[]={SND_PCM_FORMAT_S16_LE};
  snd_pcm_ioplug_set_param_list(&v->io,SND_PCM_IOPLUG_HW_ACCESS,2,acc);
  snd_pcm_ioplug_set_param_list(&v->io,SND_PCM_IOPLUG_HW_FORMAT,1,fmt);
  snd_pcm_ioplug_set_param_minmax(&v->io,SND_PCM_IOPLUG_HW_CHANNELS,channels,channels);
  snd_pcm_ioplug_set_param_minmax(&v->io,SND_PCM_IOPLUG_HW_RATE,rate,rate);
  snd_pcm_ioplug_set_param_minmax(&v->io,SND_PCM_IOPLUG_HW_PERIOD_BYTES,128,65536);
  snd_pcm_ioplug_set_param_minmax(&v->io,SND_PCM_IOPLUG_HW_BUFFER_BYTES,256,524288);
  snd_pcm_ioplug_set_param_minmax(&v->io,SND_PCM_IOPLUG_HW_PERIODS,2,1024);
  air_heard=1; *pcmp=v->io.pcm; return 0; }
SND_PCM_PLUGIN_SYMBOL(vmic);
