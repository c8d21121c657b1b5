/* The loops over each item of a text, which take Python most of its time.

   Each function gives what the Python beside its caller gives, in items.py and gaps.py; where there
   was no compiler, that does the work. What is known of an item is looked up in a Memo, whose
   `__missing__` is asked for what isn't there: this runs Python and may clear the memo. So whatever
   is in use meanwhile is held by a reference of its own. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Fields of what is known of an item: `code` and `text` of all, `first` and `last` of gaps.Item. */
enum { CODE, TEXT, FIRST, LAST };

static const Py_UCS4 LINE_END = '\n';
enum { CLASSES = 256, VALUES = 256 };

/* A field that must be a str; a borrowed reference, or NULL with an error. */
static PyObject *
field(PyObject *known, Py_ssize_t number)
{
    PyObject *value;

    if (!PyTuple_Check(known) || PyTuple_GET_SIZE(known) <= number) {
        PyErr_SetString(PyExc_TypeError, "what is known of an item must be a named tuple");
        return NULL;
    }
    value = PyTuple_GET_ITEM(known, number);
    if (!PyUnicode_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "class and text of an item must be str");
        return NULL;
    }
    return value;
}

/* What `memo[key]` gives; a new reference, or NULL with an error. */
static PyObject *
look_up(PyObject *memo, PyObject *key)
{
    /* For a subclass of dict `PyObject_GetItem` looks up the method first: slow, and mostly vain. */
    PyObject *found = PyDict_Check(memo) ? PyDict_GetItemWithError(memo, key) : NULL;

    if (found != NULL) {
        return Py_NewRef(found);
    }
    return PyErr_Occurred() ? NULL : PyObject_GetItem(memo, key);
}

/* An item met before: how it is written, what is known of it, its class. Most items of a text are of
   few names, which so stay close to the processor; those of a memo lie all over the memory. */
enum { MOST_SIGNS = 13, MOST_MET = 1 << 14 };

typedef struct {
    PyObject *known;  /* NULL where none was met */
    Py_UCS4 class;
    Py_UCS2 length, signs[MOST_SIGNS];
} Met;

static const char MET[] = "pnews.normalize._quick.met";

static void
forget_all(PyObject *capsule)
{
    Met *met = PyCapsule_GetPointer(capsule, MET);
    size_t at;

    for (at = 0; met != NULL && at < MOST_MET; at++) {
        Py_XDECREF(met[at].known);
    }
    PyMem_Free(met);
}

PyDoc_STRVAR(met_doc,
"met()\n--\n\n"
"What `apart` keeps of the items met by one way of knowing them.");

static PyObject *
met(PyObject *module, PyObject *nothing)
{
    Met *table = PyMem_Calloc(MOST_MET, sizeof(Met));
    PyObject *found = table == NULL ? PyErr_NoMemory() : PyCapsule_New(table, MET, forget_all);

    (void)module;
    (void)nothing;
    if (found == NULL) {
        PyMem_Free(table);
    }
    return found;
}

/* A text that is being taken apart. */
typedef struct {
    PyObject *text, *memo, *known;
    Py_ssize_t number;
    Py_UCS4 *classes;
    Met *met;
} Apart;

/* Whether the item at a place is the one met. */
static inline int
is_met(const Met *met, int kind, const void *data, Py_ssize_t start, Py_ssize_t length)
{
    Py_ssize_t at;

    if (met->known == NULL || met->length != length) {
        return 0;
    }
    for (at = 0; at < length; at++) {
        if (PyUnicode_READ(kind, data, start + at) != met->signs[at]) {
            return 0;
        }
    }
    return 1;
}

/* Remembers an item, unless it is long or holds signs beyond the first plane. */
static void
remember(Met *met, PyObject *item, PyObject *known, Py_UCS4 class)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(item), at;
    PyObject *before = met->known;

    if (length > MOST_SIGNS || PyUnicode_MAX_CHAR_VALUE(item) > 0xFFFF) {
        return;
    }
    for (at = 0; at < length; at++) {
        met->signs[at] = (Py_UCS2)PyUnicode_READ_CHAR(item, at);
    }
    met->known = Py_NewRef(known);
    met->class = class;
    met->length = (Py_UCS2)length;
    Py_XDECREF(before);
}

/* Adds what the memo knows of the item from start to end; -1 with an error. */
static int
add_asked(Apart *work, Py_ssize_t start, Py_ssize_t end, Met *met)
{
    PyObject *item = PyUnicode_Substring(work->text, start, end), *known, *code;
    Py_UCS4 class;

    known = item == NULL ? NULL : look_up(work->memo, item);
    code = known == NULL ? NULL : field(known, CODE);
    if (code != NULL && PyUnicode_GET_LENGTH(code) != 1) {
        PyErr_SetString(PyExc_ValueError, "the class of an item must be one character");
        code = NULL;
    }
    if (code == NULL || field(known, TEXT) == NULL) {
        Py_XDECREF(known);
        Py_XDECREF(item);
        return -1;
    }
    class = PyUnicode_READ_CHAR(code, 0);
    remember(met, item, known, class);
    Py_DECREF(item);
    work->classes[work->number] = class;
    PyList_SET_ITEM(work->known, work->number++, known);
    return 0;
}

/* Adds the item from start to end. */
static inline int
add_item(Apart *work, int kind, const void *data, Py_ssize_t start, Py_ssize_t end, size_t hash)
{
    Met *met = &work->met[(hash ^ hash >> 15) & (MOST_MET - 1)];

    if (!is_met(met, kind, data, start, end - start)) {
        return add_asked(work, start, end, met);
    }
    work->classes[work->number] = met->class;
    PyList_SET_ITEM(work->known, work->number++, Py_NewRef(met->known));
    return 0;
}

/* Adds all items; a function of its own for each width of signs, which the compiler makes of it. */
static inline int
add_items(Apart *work, int kind)
{
    const void *data = PyUnicode_DATA(work->text);
    Py_ssize_t length = PyUnicode_GET_LENGTH(work->text), start = 0, at;
    size_t hash = 0;

    for (at = 0; at <= length; at++) {
        Py_UCS4 sign = at < length ? PyUnicode_READ(kind, data, at) : ' ';
        if (sign != ' ' && sign != LINE_END) {
            hash = (hash ^ sign) * 0x01000193;  /* Fowler, Noll and Vo */
            continue;
        }
        if (add_item(work, kind, data, start, at, hash) < 0
            || (sign == LINE_END && add_item(work, kind, data, at, at + 1, LINE_END) < 0)) {
            return -1;
        }
        start = at + 1;
        hash = 0;
    }
    return 0;
}

static Py_ssize_t
number_of_items(PyObject *text)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t at, number = 1;

    for (at = 0; at < PyUnicode_GET_LENGTH(text); at++) {
        Py_UCS4 sign = PyUnicode_READ(kind, data, at);
        number += (sign == ' ') + 2 * (sign == LINE_END);
    }
    return number;
}

PyDoc_STRVAR(apart_doc,
"apart(text, know, met, /)\n--\n\n"
"A text taken apart at spaces and ends of lines: what `know` has of each item, and the classes.");

static PyObject *
apart(PyObject *module, PyObject *args)
{
    Apart work = {0};
    PyObject *capsule, *found = NULL;
    Py_ssize_t number;
    int failed;

    (void)module;
    if (!PyArg_ParseTuple(args, "UOO:apart", &work.text, &work.memo, &capsule)) {
        return NULL;
    }
    work.met = PyCapsule_GetPointer(capsule, MET);
    if (work.met == NULL) {
        return NULL;
    }
    number = number_of_items(work.text);
    work.known = PyList_New(number);
    work.classes = PyMem_New(Py_UCS4, number);
    if (work.known == NULL || work.classes == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    switch (PyUnicode_KIND(work.text)) {
    case PyUnicode_1BYTE_KIND:
        failed = add_items(&work, PyUnicode_1BYTE_KIND);
        break;
    case PyUnicode_2BYTE_KIND:
        failed = add_items(&work, PyUnicode_2BYTE_KIND);
        break;
    default:
        failed = add_items(&work, PyUnicode_4BYTE_KIND);
    }
    if (!failed) {
        found = Py_BuildValue(
            "(ON)", work.known,
            PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, work.classes, number));
    }
done:
    Py_XDECREF(work.known);
    PyMem_Free(work.classes);
    return found;
}

/* A text that grows. */
typedef struct {
    Py_UCS4 *signs;
    Py_ssize_t length, room;
} Grown;

/* Adds an item, a space before it where `apart` says so; -1 with an error. */
static int
grow(Grown *text, PyObject *item, int apart)
{
    int kind = PyUnicode_KIND(item);
    const void *data = PyUnicode_DATA(item);
    Py_ssize_t length = PyUnicode_GET_LENGTH(item), at;

    if (text->room - text->length <= length) {
        Py_ssize_t room = text->room + length + text->room / 2 + 64;
        Py_UCS4 *signs = PyMem_Realloc(text->signs, (size_t)room * sizeof(Py_UCS4));
        if (signs == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        text->signs = signs;
        text->room = room;
    }
    if (apart) {
        text->signs[text->length++] = ' ';
    }
    for (at = 0; at < length; at++) {
        text->signs[text->length++] = PyUnicode_READ(kind, data, at);
    }
    return 0;
}

PyDoc_STRVAR(joined_doc,
"joined(known, /)\n--\n\n"
"The text of items: a space between two, none beside an end of line, which stands between items.");

static PyObject *
joined(PyObject *module, PyObject *known)
{
    PyObject *found = NULL;
    Py_ssize_t number;
    Grown text = {0};
    int is_end, was_end = 1;

    (void)module;
    if (!PyList_CheckExact(known)) {
        PyErr_SetString(PyExc_TypeError, "joined() takes a list");
        return NULL;
    }
    for (number = 0; number < PyList_GET_SIZE(known); number++) {  /* nothing here runs Python */
        PyObject *item = field(PyList_GET_ITEM(known, number), TEXT);
        if (item == NULL) {
            goto done;
        }
        is_end = PyUnicode_GET_LENGTH(item) == 1 && PyUnicode_READ_CHAR(item, 0) == LINE_END;
        if (grow(&text, item, !is_end && !was_end) < 0) {
            goto done;
        }
        was_end = is_end;
    }
    found = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text.signs, text.length);
done:
    PyMem_Free(text.signs);
    return found;
}

/* What `spellings.hashed` keeps in a file: marks of four bytes, 0 where there is none, and behind all
   of them their values of one byte. A key stands at the place that its hash tells or, where that is
   taken, at the next free one; its mark is the rest of the hash. */
typedef struct {
    const unsigned char *marks, *values;
    size_t mask;
} Table;

enum { MARK_BYTES = 4 };
static const uint64_t BASIS = 0xcbf29ce484222325, PRIME = 0x100000001b3;
static const uint64_t MIXING = 0xd6e8feb86659fd93;

static int
is_table(const Py_buffer *content, Table *table)
{
    size_t places = (size_t)content->len / (MARK_BYTES + 1);

    if (places == 0 || places & (places - 1) || content->len % (MARK_BYTES + 1)) {
        PyErr_SetString(PyExc_ValueError, "a table has 2^k places of 5 bytes");
        return 0;
    }
    *table = (Table){content->buf, (unsigned char *)content->buf + MARK_BYTES * places, places - 1};
    return 1;
}

/* The hash of some letters, behind what the hash is of (Fowler, Noll and Vo's). */
static uint64_t
hashed(uint64_t hash, PyObject *text, Py_ssize_t start, Py_ssize_t end)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);

    for (; start < end; start++) {
        hash = (hash ^ PyUnicode_READ(kind, data, start)) * PRIME;
    }
    return hash;
}

static uint64_t
hashed_all(uint64_t hash, PyObject *text)
{
    return hashed(hash, text, 0, PyUnicode_GET_LENGTH(text));
}

/* The value of the key of a hash, or -1. */
static int
value_of(const Table *table, uint64_t hash)
{
    uint32_t mark;
    size_t at;

    hash = (hash ^ hash >> 32) * MIXING;
    mark = (uint32_t)hash | 1;
    for (at = hash >> 32 & table->mask;; at = (at + 1) & table->mask) {
        const unsigned char *here = table->marks + MARK_BYTES * at;
        uint32_t found = here[0] | here[1] << 8 | here[2] << 16 | (uint32_t)here[3] << 24;
        if (found == mark) {
            return table->values[at];
        }
        if (found == 0) {
            return -1;
        }
    }
}

/* Two pieces with a space between, as PAIRS has them. */
static PyObject *
with_space(PyObject *head, PyObject *tail)
{
    Py_ssize_t before = PyUnicode_GET_LENGTH(head), behind = PyUnicode_GET_LENGTH(tail);
    Py_UCS4 one = PyUnicode_MAX_CHAR_VALUE(head), other = PyUnicode_MAX_CHAR_VALUE(tail);
    PyObject *both = PyUnicode_New(before + 1 + behind, one > other ? one : other);

    if (both == NULL) {
        return NULL;
    }
    PyUnicode_WRITE(PyUnicode_KIND(both), PyUnicode_DATA(both), before, ' ');
    if (PyUnicode_CopyCharacters(both, 0, head, 0, before) < 0
        || PyUnicode_CopyCharacters(both, before + 1, tail, 0, behind) < 0) {
        Py_CLEAR(both);
    }
    return both;
}

/* What is asked of pairs. */
typedef struct {
    Table known;
    PyObject *odds, *pairs;
    double least;
} Asked;

/* The pair with its log-odds, as the table has it, or None where these are not above the least; what
   `pairs` says of it, if it is asked about and not in the table. A new reference, or NULL with an
   error. */
static PyObject *
pair_of(const Asked *asked, PyObject *head, PyObject *tail, int ask)
{
    PyObject *odds, *pair, *both, *found = NULL;
    uint64_t hash = (hashed_all(BASIS, head) ^ ' ') * PRIME;
    int value = value_of(&asked->known, hashed_all(hash, tail));

    if (value < 0 && ask) {
        both = with_space(head, tail);
        found = both == NULL ? NULL : look_up(asked->pairs, both);
        Py_XDECREF(both);
        return found;
    }
    odds = value < 0 ? NULL : PyTuple_GET_ITEM(asked->odds, value);
    if (odds == NULL || !(PyFloat_AsDouble(odds) > asked->least)) {
        return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    }
    pair = PyTuple_Pack(2, head, tail);
    if (pair != NULL) {
        found = PyTuple_Pack(2, pair, odds);
        Py_DECREF(pair);
    }
    return found;
}

/* Adds (number, found) to a list; takes the reference to what was found, NULL with an error. */
static int
add_numbered(PyObject *list, Py_ssize_t number, PyObject *found)
{
    PyObject *at = found == NULL ? NULL : PyLong_FromSsize_t(number), *both = NULL;
    int failed = -1;

    if (at != NULL) {
        both = PyTuple_Pack(2, at, found);
        Py_DECREF(at);
    }
    Py_XDECREF(found);
    if (both != NULL) {
        failed = PyList_Append(list, both);
        Py_DECREF(both);
    }
    return failed;
}

PyDoc_STRVAR(marked_doc,
"marked(known, marks, /)\n--\n\n"
"The items where a mark is not 0, each with its number.");

static PyObject *
marked(PyObject *module, PyObject *args)
{
    PyObject *known, *found = NULL;
    const char *marks;
    Py_ssize_t length, number;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!y#:marked", &PyList_Type, &known, &marks, &length)) {
        return NULL;
    }
    if (length != PyList_GET_SIZE(known)) {
        PyErr_SetString(PyExc_ValueError, "there must be one mark an item");
        return NULL;
    }
    found = PyList_New(0);
    for (number = 0; found != NULL && number < length; number++) {  /* nothing here runs Python */
        if (marks[number]
            && add_numbered(found, number, Py_NewRef(PyList_GET_ITEM(known, number))) < 0) {
            Py_CLEAR(found);
        }
    }
    return found;
}

PyDoc_STRVAR(spaced_doc,
"spaced(known, classes, before, behind, table, odds, pairs, least, /)\n--\n\n"
"The pairs of pieces between which a half-space may have been opened, each with the number of the\n"
"item before: those in the table, by the log-odds of their values, and those `pairs` knows of.");

static PyObject *
spaced(PyObject *module, PyObject *args)
{
    PyObject *known, *found = NULL;
    const unsigned char *classes, *before, *behind;
    Py_ssize_t length, of_before, of_behind, number;
    Py_buffer table;
    Asked asked;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!y#y#y#y*O!Od:spaced", &PyList_Type, &known, &classes, &length,
                          &before, &of_before, &behind, &of_behind, &table, &PyTuple_Type,
                          &asked.odds, &asked.pairs, &asked.least)) {
        return NULL;
    }
    if (!is_table(&table, &asked.known)) {
        goto end;
    }
    if (of_before != CLASSES || of_behind != CLASSES || PyTuple_GET_SIZE(asked.odds) != VALUES) {
        PyErr_SetString(PyExc_ValueError, "classes and values have 256 entries each");
        goto end;
    }
    found = PyList_New(0);
    for (number = 0; found != NULL && number + 1 < length; number++) {
        int ways = before[classes[number]] & behind[classes[number + 1]];
        PyObject *one, *other, *head, *tail, *pair = NULL;
        if (!ways) {
            continue;
        }
        if (number + 1 >= PyList_GET_SIZE(known)) {  /* asked anew: what runs below could cut it */
            PyErr_SetString(PyExc_ValueError, "there are more classes than items");
            Py_CLEAR(found);
            break;
        }
        one = Py_NewRef(PyList_GET_ITEM(known, number));
        other = Py_NewRef(PyList_GET_ITEM(known, number + 1));
        head = field(one, LAST);
        tail = head == NULL ? NULL : field(other, FIRST);
        if (tail != NULL) {
            pair = pair_of(&asked, head, tail, ways > 1);
        }
        Py_DECREF(one);
        Py_DECREF(other);
        if (pair == Py_None) {
            Py_DECREF(pair);
        }
        else if (add_numbered(found, number, pair) < 0) {
            Py_CLEAR(found);
        }
    }
end:
    PyBuffer_Release(&table);
    return found;
}

/* Signs that an item of common words may start and end with, and what ends a word; as gaps.COMMON. */
static const Py_UCS2 OPENING[] = {0x00AB, 0x0028, 0};  /* «( */
static const Py_UCS2 STOPS[] = {0x002D, 0x002E, 0x060C, 0x061B, 0x003A, 0x061F, 0x0021, 0};  /* -.،؛:؟! */
static const Py_UCS2 CLOSING[] = {0x00BB, 0x0029, 0};  /* ») */
static const Py_UCS2 LAST_STOPS[] = {0x002E, 0x060C, 0x061B, 0x003A, 0x061F, 0x0021, 0};  /* .،؛:؟! */
static const Py_UCS2 WORD_ENDS[] = {0x200C, 0x002D, 0x002E, 0x060C, 0x061B, 0x003A, 0x061F, 0x0021, 0x00BB, 0x0029, 0};  /* ZWNJ -.،؛:؟!») */
static const Py_UCS2 NON_JOINING[] = {0x0627, 0x0622, 0x062F, 0x0630, 0x0631, 0x0632, 0x0698, 0x0648, 0x0621, 0};  /* اآدذرزژوء */
static const Py_UCS4 ZWNJ = 0x200C;

static int
is_one_of(PyObject *text, Py_ssize_t at, const Py_UCS2 *signs)
{
    Py_UCS4 sign = at < PyUnicode_GET_LENGTH(text) ? PyUnicode_READ_CHAR(text, at) : 0;

    while (*signs && *signs != sign) {
        signs++;
    }
    return *signs != 0;
}

static Py_ssize_t
end_of_word(PyObject *text, Py_ssize_t at)
{
    while (at < PyUnicode_GET_LENGTH(text) && !is_one_of(text, at, WORD_ENDS)) {
        at++;
    }
    return at;
}

/* Where the marks that may close an item end. */
static Py_ssize_t
end_of_closing(PyObject *text, Py_ssize_t at)
{
    if (is_one_of(text, at, STOPS)) {
        int dots = 0;
        while (dots < 3 && at + dots < PyUnicode_GET_LENGTH(text)
               && PyUnicode_READ_CHAR(text, at + dots) == '.') {
            dots++;
        }
        at += dots == 3 ? 3 : 1;
    }
    at += is_one_of(text, at, CLOSING);
    return at + is_one_of(text, at, LAST_STOPS);
}

/* Whether a half-space may stand between a settled word and another, as far as the table tells. */
static int
may_part(PyObject *text, Py_ssize_t end, uint64_t head, Py_ssize_t tail_end, const Table *pairs,
         int least)
{
    int value;

    if (is_one_of(text, end - 1, NON_JOINING)) {
        return PyUnicode_READ_CHAR(text, end - 1) == PyUnicode_READ_CHAR(text, end + 1);
    }
    value = value_of(pairs, hashed((head ^ ' ') * PRIME, text, end + 1, tail_end));
    return value < 0 || value >= least;
}

/* The values of settled words are how readily half-spaces stand before and behind them; with whether
   one is kept, they number the classes of common items. */
enum { OPENS = 3, CLOSES = 12, KEEPS = 16 };

/* The code, first and last piece and pieces around the half-space of an item of a word, or of two if
   they don't start at one place. */
static PyObject *
item_of(PyObject *code, PyObject *text, Py_ssize_t start, Py_ssize_t end, Py_ssize_t tail,
        Py_ssize_t tail_end, int is_closed)
{
    PyObject *word = PyUnicode_Substring(text, start, end), *last = NULL, *found = NULL;
    PyObject *empty = PyUnicode_New(0, 0);

    last = tail == start ? Py_XNewRef(word) : PyUnicode_Substring(text, tail, tail_end);
    if (word != NULL && last != NULL && empty != NULL) {
        PyObject *first = start ? empty : word, *final = is_closed ? empty : last;
        found = tail == start ? Py_BuildValue("(OOO())", code, first, final)
                              : Py_BuildValue("(OOO((OO)))", code, first, final, word, last);
    }
    Py_XDECREF(empty);
    Py_XDECREF(last);
    Py_XDECREF(word);
    return found;
}

PyDoc_STRVAR(common_doc,
"common(text, settled, pairs, least, codes, /)\n--\n\n"
"What is known of an item of one settled word, or of two with a half-space between whose value in\n"
"the table of pairs is not below the least: its code, first and last piece, pieces around the\n"
"half-space. None of all others.");

static PyObject *
common(PyObject *module, PyObject *args)
{
    PyObject *text, *codes, *found = NULL;
    Py_buffer of_settled, of_pairs;
    Table settled, pairs;
    Py_ssize_t start, end, tail, tail_end, closed;
    int least, code, other;
    uint64_t hash;

    (void)module;
    if (!PyArg_ParseTuple(args, "Uy*y*iO!:common", &text, &of_settled, &of_pairs, &least,
                          &PyTuple_Type, &codes)) {
        return NULL;
    }
    if (!is_table(&of_settled, &settled) || !is_table(&of_pairs, &pairs)) {
        goto end;
    }
    if (PyTuple_GET_SIZE(codes) != 2 * KEEPS) {
        PyErr_SetString(PyExc_ValueError, "there are 32 codes");
        goto end;
    }
    start = is_one_of(text, 0, OPENING);
    end = end_of_word(text, start);
    tail = start;
    tail_end = end;
    hash = hashed(BASIS, text, start, end);
    code = value_of(&settled, hash);
    if (code >= 0 && end < PyUnicode_GET_LENGTH(text) && PyUnicode_READ_CHAR(text, end) == ZWNJ) {
        tail = end + 1;
        tail_end = end_of_word(text, tail);
        other = value_of(&settled, hashed(BASIS, text, tail, tail_end));
        code = other < 0 || !may_part(text, end, hash, tail_end, &pairs, least)
            ? -1 : (code & CLOSES) | (other & OPENS) | KEEPS;
    }
    closed = end_of_closing(text, tail_end);
    if (code < 0 || closed < PyUnicode_GET_LENGTH(text)) {
        found = Py_NewRef(Py_None);
        goto end;
    }
    code &= ~(start ? CLOSES : 0) & ~(closed > tail_end ? OPENS : 0);
    found = item_of(PyTuple_GET_ITEM(codes, code), text, start, end, tail, tail_end,
                    closed > tail_end);
end:
    PyBuffer_Release(&of_settled);
    PyBuffer_Release(&of_pairs);
    return found;
}

static PyMethodDef methods[] = {
    {"apart", apart, METH_VARARGS, apart_doc},
    {"met", met, METH_NOARGS, met_doc},
    {"joined", joined, METH_O, joined_doc},
    {"marked", marked, METH_VARARGS, marked_doc},
    {"spaced", spaced, METH_VARARGS, spaced_doc},
    {"common", common, METH_VARARGS, common_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef quick = {
    PyModuleDef_HEAD_INIT,
    .m_name = "pnews.normalize._quick",
    .m_doc = "The loops over each item of a text, in C; the Python beside their callers says what they do.",
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit__quick(void)
{
    return PyModuleDef_Init(&quick);
}
