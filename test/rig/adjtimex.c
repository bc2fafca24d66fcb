/* Preloaded, it says of the clock what the first byte of $ADJTIMEX_FILE says: 1 synchronised, anything else not. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/timex.h>

int adjtimex(struct timex *timex) {
    const char *name = getenv("ADJTIMEX_FILE");
    FILE *file = name ? fopen(name, "r") : NULL;
    int synchronised = file != NULL && fgetc(file) == '1';
    if (file != NULL) fclose(file);
    timex->offset = 0;
    timex->status = STA_NANO | (synchronised ? STA_PLL : STA_UNSYNC);
    return synchronised ? TIME_OK : TIME_ERROR;
}
