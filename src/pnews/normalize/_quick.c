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
enum { CLASSES = 256 };  /* entries of a table, as for `bytes.translate` */

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

/* An item met before in the same text: its name, what is known of it, its class. The list of what
   is known holds it. Most items of a text are of few names, which so stay close to the processor;
   those of a memo lie all over the memory. */
typedef struct {
    PyObject *item, *known;
    Py_UCS4 class;
} Met;

enum { MOST_MET = 1 << 13 };

/* A text that is being taken apart. */
typedef struct {
    PyObject *text, *memo, *known;
    Py_UCS4 *classes;
    Met *met;
    size_t mask;
} Apart;

/* Whether the item at a place is this one. */
static int
is_at(PyObject *text, Py_ssize_t start, Py_ssize_t length, PyObject *item)
{
    int kind = PyUnicode_KIND(text), item_kind = PyUnicode_KIND(item);
    const void *data = PyUnicode_DATA(text), *item_data = PyUnicode_DATA(item);
    Py_ssize_t at;

    if (PyUnicode_GET_LENGTH(item) != length) {
        return 0;
    }
    for (at = 0; at < length; at++) {
        if (PyUnicode_READ(kind, data, start + at) != PyUnicode_READ(item_kind, item_data, at)) {
            return 0;
        }
    }
    return 1;
}

/* Adds what is known of the item from start to end; -1 with an error. */
static int
add_item(Apart *work, Py_ssize_t start, Py_ssize_t end, size_t hash)
{
    Met *met = &work->met[(hash ^ hash >> 15) & work->mask];
    PyObject *item, *known, *code, *text = NULL;
    int failed = -1;

    if (met->known == NULL || !is_at(work->text, start, end - start, met->item)) {
        item = PyUnicode_Substring(work->text, start, end);
        if (item == NULL) {
            return -1;
        }
        known = look_up(work->memo, item);
        Py_DECREF(item);
        if (known == NULL) {
            return -1;
        }
        code = field(known, CODE);
        text = code == NULL ? NULL : field(known, TEXT);
        if (text != NULL && PyUnicode_GET_LENGTH(code) != 1) {
            PyErr_SetString(PyExc_ValueError, "the class of an item must be one character");
        }
        else if (text != NULL && PyList_Append(work->known, known) == 0) {
            *met = (Met){text, known, PyUnicode_READ_CHAR(code, 0)};
            *work->classes++ = met->class;
            failed = 0;
        }
        Py_DECREF(known);
        return failed;
    }
    *work->classes++ = met->class;
    return PyList_Append(work->known, met->known);
}

PyDoc_STRVAR(apart_doc,
"apart(text, know, /)\n--\n\n"
"A text taken apart at spaces and ends of lines: what `know` has of each item, and the classes.");

static PyObject *
apart(PyObject *module, PyObject *args)
{
    Apart work = {0};
    PyObject *found = NULL;
    Py_ssize_t length, start = 0, at, most = 1;
    Py_UCS4 *classes;
    size_t hash = 0;
    const void *data;
    int kind;

    (void)module;
    if (!PyArg_ParseTuple(args, "UO:apart", &work.text, &work.memo)) {
        return NULL;
    }
    length = PyUnicode_GET_LENGTH(work.text);
    kind = PyUnicode_KIND(work.text);
    data = PyUnicode_DATA(work.text);
    for (at = 0; at < length; at++) {
        Py_UCS4 sign = PyUnicode_READ(kind, data, at);
        most += (sign == ' ') + 2 * (sign == LINE_END);
    }
    while (work.mask < (size_t)most && work.mask < MOST_MET - 1) {
        work.mask = 2 * work.mask + 1;
    }
    work.met = PyMem_Calloc(work.mask + 1, sizeof(Met));
    work.classes = classes = PyMem_New(Py_UCS4, most);
    work.known = PyList_New(0);
    if (work.met == NULL || classes == NULL || work.known == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (at = 0; at <= length; at++) {
        Py_UCS4 sign = at < length ? PyUnicode_READ(kind, data, at) : ' ';
        if (sign != ' ' && sign != LINE_END) {
            hash = (hash ^ sign) * 0x01000193;  /* Fowler, Noll and Vo */
            continue;
        }
        if (add_item(&work, start, at, hash) < 0
            || (sign == LINE_END && add_item(&work, at, at + 1, LINE_END) < 0)) {
            goto done;
        }
        start = at + 1;
        hash = 0;
    }
    found = Py_BuildValue("(ON)", work.known,
                          PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, classes,
                                                    work.classes - classes));
done:
    Py_XDECREF(work.known);
    PyMem_Free(work.met);
    PyMem_Free(classes);
    return found;
}

static int
is_line_end(PyObject *item)
{
    return PyUnicode_GET_LENGTH(item) == 1 && PyUnicode_READ_CHAR(item, 0) == LINE_END;
}

PyDoc_STRVAR(joined_doc,
"joined(known, /)\n--\n\n"
"The text of items: a space between two, none beside an end of line, which stands between items.");

static PyObject *
joined(PyObject *module, PyObject *known)
{
    PyObject *found;
    Py_ssize_t number, length = 0, at = 0;
    Py_UCS4 highest = 0;
    int kind, was_end = 1;
    void *data;

    (void)module;
    if (!PyList_CheckExact(known)) {
        PyErr_SetString(PyExc_TypeError, "joined() takes a list");
        return NULL;
    }
    /* Nothing below runs Python: the list and what it holds stay as they are. */
    for (number = 0; number < PyList_GET_SIZE(known); number++) {
        PyObject *item = field(PyList_GET_ITEM(known, number), TEXT);
        if (item == NULL) {
            return NULL;
        }
        int is_end = is_line_end(item);
        Py_UCS4 high = PyUnicode_MAX_CHAR_VALUE(item);
        if (length > PY_SSIZE_T_MAX - PyUnicode_GET_LENGTH(item) - 1) {
            return PyErr_NoMemory();
        }
        length += PyUnicode_GET_LENGTH(item) + !(is_end || was_end);
        highest = high > highest ? high : highest;
        was_end = is_end;
    }
    found = PyUnicode_New(length, highest);
    if (found == NULL) {
        return NULL;
    }
    kind = PyUnicode_KIND(found);
    data = PyUnicode_DATA(found);
    was_end = 1;
    for (number = 0; number < PyList_GET_SIZE(known); number++) {
        PyObject *item = PyTuple_GET_ITEM(PyList_GET_ITEM(known, number), TEXT);
        int is_end = is_line_end(item);
        Py_ssize_t long_ = PyUnicode_GET_LENGTH(item);
        if (!(is_end || was_end)) {
            PyUnicode_WRITE(kind, data, at++, ' ');
        }
        if (long_ && PyUnicode_CopyCharacters(found, at, item, 0, long_) < 0) {
            Py_DECREF(found);
            return NULL;
        }
        at += long_;
        was_end = is_end;
    }
    return found;
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

/* The pair with its log-odds, as the training texts know it, or None where these are not above the
   least; what `pairs` says of it, if it is asked about and they don't know it. A new reference, or
   NULL with an error. */
static PyObject *
pair_of(PyObject *tails, PyObject *pairs, PyObject *head, PyObject *tail, double least, int ask)
{
    PyObject *behind, *odds, *pair, *both, *found = NULL;

    behind = look_up(tails, head);
    if (behind == NULL) {
        return NULL;
    }
    if (!PyDict_Check(behind)) {
        PyErr_SetString(PyExc_TypeError, "the tails of a piece must be a dict");
        goto done;
    }
    odds = PyDict_GetItemWithError(behind, tail);  /* borrowed from `behind`, which is held */
    if (odds == NULL && PyErr_Occurred()) {
        goto done;
    }
    if (odds == NULL && ask) {
        both = with_space(head, tail);
        found = both == NULL ? NULL : look_up(pairs, both);
        Py_XDECREF(both);
    }
    else if (odds == NULL || !PyFloat_Check(odds) || !(PyFloat_AS_DOUBLE(odds) > least)) {
        found = Py_NewRef(Py_None);
    }
    else if ((pair = PyTuple_Pack(2, head, tail)) != NULL) {
        found = PyTuple_Pack(2, pair, odds);
        Py_DECREF(pair);
    }
done:
    Py_DECREF(behind);
    return found;
}

/* Adds (number, pair) to a list, unless the pair is None; takes the reference to the pair. */
static int
add_pair(PyObject *list, Py_ssize_t number, PyObject *pair)
{
    PyObject *at, *both = NULL;
    int failed = -1;

    if (pair == NULL || pair == Py_None) {
        failed = pair == NULL ? -1 : 0;
        Py_XDECREF(pair);
        return failed;
    }
    at = PyLong_FromSsize_t(number);
    if (at != NULL) {
        both = PyTuple_Pack(2, at, pair);
        Py_DECREF(at);
    }
    Py_DECREF(pair);
    if (both != NULL) {
        failed = PyList_Append(list, both);
        Py_DECREF(both);
    }
    return failed;
}

PyDoc_STRVAR(spaced_doc,
"spaced(known, classes, before, behind, tails, pairs, least, /)\n--\n\n"
"The pairs of pieces between which a half-space may have been opened, each with the number of the\n"
"item before: first those that `tails` knows, then those that `pairs` is asked about.");

static PyObject *
spaced(PyObject *module, PyObject *args)
{
    PyObject *known, *tails, *pairs, *seen = NULL, *asked = NULL;
    const unsigned char *classes, *before, *behind;
    Py_ssize_t length, of_before, of_behind, number;
    double least;
    int done = 0;

    (void)module;
    if (!PyArg_ParseTuple(args, "O!y#y#y#OOd:spaced", &PyList_Type, &known, &classes, &length,
                          &before, &of_before, &behind, &of_behind, &tails, &pairs, &least)) {
        return NULL;
    }
    if (of_before != CLASSES || of_behind != CLASSES) {
        PyErr_SetString(PyExc_ValueError, "a table has 256 entries");
        return NULL;
    }
    seen = PyList_New(0);
    asked = PyList_New(0);
    if (seen == NULL || asked == NULL) {
        goto end;
    }
    for (number = 0; number + 1 < length; number++) {
        int ways = before[classes[number]] & behind[classes[number + 1]];
        PyObject *one, *other, *head, *tail, *pair = NULL;
        if (!ways) {
            continue;
        }
        if (number + 1 >= PyList_GET_SIZE(known)) {  /* asked anew: what runs below could cut it */
            PyErr_SetString(PyExc_ValueError, "there are more classes than items");
            goto end;
        }
        one = Py_NewRef(PyList_GET_ITEM(known, number));
        other = Py_NewRef(PyList_GET_ITEM(known, number + 1));
        head = field(one, LAST);
        tail = head == NULL ? NULL : field(other, FIRST);
        if (tail != NULL) {
            pair = pair_of(tails, pairs, head, tail, least, ways > 1);
        }
        Py_DECREF(one);
        Py_DECREF(other);
        if (add_pair(ways == 1 ? seen : asked, number, pair) < 0) {
            goto end;
        }
    }
    done = PyList_SetSlice(seen, PyList_GET_SIZE(seen), PyList_GET_SIZE(seen), asked) == 0;
end:
    Py_XDECREF(asked);
    if (!done) {
        Py_CLEAR(seen);
    }
    return seen;
}

static PyMethodDef methods[] = {
    {"apart", apart, METH_VARARGS, apart_doc},
    {"joined", joined, METH_O, joined_doc},
    {"spaced", spaced, METH_VARARGS, spaced_doc},
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
