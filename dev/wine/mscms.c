/* For tests under Wine alone: Qt reads the screen's colour profile with a function that Wine's mscms.dll hasn't got, and
 * Wine ends the call there. This one says that there is no profile. Never shipped. */
#include <stddef.h>

#define OUT __declspec(dllexport)

OUT void *OpenColorProfileW(void *profile, unsigned long access, unsigned long share, unsigned long creation)
{
    (void)profile, (void)access, (void)share, (void)creation;
    return NULL;
}

OUT int CloseColorProfile(void *profile) { (void)profile; return 0; }
OUT void *WcsCreateIccProfile(void *profile, unsigned long options) { (void)profile, (void)options; return NULL; }

OUT int GetColorProfileFromHandle(void *profile, void *into, unsigned long *size)
{
    (void)profile, (void)into;
    *size = 0;
    return 0;
}
